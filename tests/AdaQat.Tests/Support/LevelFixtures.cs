using System.Text.Json;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>What PyTorch makes of the formulas of few and uneven levels, and of quantized gradients: Fixtures/levels.json.</summary>
internal sealed record LevelFixtures(
    IReadOnlyList<LevelFixtures.Case> FewLevels, IReadOnlyList<LevelFixtures.Case> Ranges, IReadOnlyList<LevelFixtures.Case> Following,
    IReadOnlyList<LevelFixtures.CodebookCase> Codebooks, IReadOnlyList<LevelFixtures.GradientCase> Gradients)
{
    private static readonly Lazy<LevelFixtures> Loaded = new(() => JsonSerializer.Deserialize<LevelFixtures>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "levels.json")), JsonSerializerOptions.Web)!);

    public static LevelFixtures Instance => Loaded.Value;

    private static ScalarType Dtype(string type) => type == "f32" ? ScalarType.Float32 : ScalarType.Float64;

    internal sealed record Case(
        string Family, string Type, long[] Shape, double[] X, double[] Upstream, double[] Output, double[] Gradient,
        string? Input = null, string? Form = null, bool IsByChannel = false, int Bits = 0, bool IsSigned = true, double? Range = null,
        double? RangeGradient = null, double[]? Parameters = null, double[]? ParameterGradients = null)
    {
        public ScalarType Dtype => LevelFixtures.Dtype(Type);

        public Granularity Granularity => IsByChannel ? Granularity.PerChannel() : Granularity.PerTensor;

        public override string ToString() =>
            $"{Family} {Form}, {Bits} bits, {Type}, {Input}, {Granularity}, {(IsSigned ? "signed" : "unsigned")}, range {Range}";
    }

    internal sealed record CodebookCase(
        int Bits, string Type, long[] Shape, double[] X, double[] Upstream, double[] Output, double[] Gradient,
        double[] Start, double[] Levels, double[] LevelGradients)
    {
        public ScalarType Dtype => LevelFixtures.Dtype(Type);

        public override string ToString() => $"codebook of {Bits} bits, {Type}";
    }

    internal sealed record GradientCase(
        string Input, int Bits, string Type, long[] Shape, bool HasNoise, double[] Gradient, double[] Sigma, double[] Output)
    {
        public ScalarType Dtype => LevelFixtures.Dtype(Type);

        public override string ToString() => $"{Input}, {Bits} bits, {Type}, noise {HasNoise}";
    }
}
