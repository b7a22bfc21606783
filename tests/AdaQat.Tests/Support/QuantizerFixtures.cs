using System.Text.Json;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>What PyTorch's autograd makes of the quantizers' formulas: the content of Fixtures/quantizers.json.</summary>
internal sealed record QuantizerFixtures(IReadOnlyList<QuantizerFixtures.DoReFaCase> DoReFa, IReadOnlyList<QuantizerFixtures.PactCase> Pact)
{
    private static readonly Lazy<QuantizerFixtures> Loaded = new(() => JsonSerializer.Deserialize<QuantizerFixtures>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "quantizers.json")), JsonSerializerOptions.Web)!);

    public static QuantizerFixtures Instance => Loaded.Value;

    private static ScalarType Dtype(string type) => type == "f32" ? ScalarType.Float32 : ScalarType.Float64;

    internal sealed record DoReFaCase(
        string Input, string Transform, string Scale, int Bits, string Type, long[] Shape,
        double[] Weight, double[] Upstream, double[] Output, double[] Gradient)
    {
        public ScalarType Dtype => Dtype(Type);

        public DoReFaOptions Options =>
            new() { Transform = Enum.Parse<WeightTransform>(Transform), Scale = Enum.Parse<WeightScale>(Scale) };

        public override string ToString() => $"DoReFa {Transform} {Scale}, {Bits} bits, {Type}, {Input}";
    }

    internal sealed record PactCase(
        string Input, string GradientForm, bool IsSigned, int Bits, string Type, double Alpha,
        double[] X, double[] Upstream, double[] Output, double[] Gradient, double AlphaGradient)
    {
        public ScalarType Dtype => Dtype(Type);

        public PactGradient Form => Enum.Parse<PactGradient>(GradientForm);

        public override string ToString() => $"PACT {GradientForm} {(IsSigned ? "signed" : "unsigned")}, {Bits} bits, {Type}, {Input}";
    }
}
