using System.Text.Json;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>What PyTorch's autograd makes of the uniform families' formulas: the content of Fixtures/uniform.json.</summary>
internal sealed record UniformFixtures(
    IReadOnlyList<UniformFixtures.AffineCase> Affine, IReadOnlyList<UniformFixtures.LsqCase> Lsq,
    IReadOnlyList<UniformFixtures.FixedPointCase> FixedPoint)
{
    /// <summary>The shape of every tensor in there.</summary>
    public static readonly long[] Shape = [2, 3, 4];

    private static readonly Lazy<UniformFixtures> Loaded = new(() => JsonSerializer.Deserialize<UniformFixtures>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "uniform.json")), JsonSerializerOptions.Web)!);

    public static UniformFixtures Instance => Loaded.Value;

    private static ScalarType TypeOf(string type) => type == "f32" ? ScalarType.Float32 : ScalarType.Float64;

    private static Granularity GranularityOf(string name) => name switch
    {
        "tensor" => Granularity.PerTensor,
        "channel 0" => Granularity.PerChannel(),
        "channel 1" => Granularity.PerChannel(axis: 1),
        _ => Granularity.PerGroup(4),
    };

    internal abstract record Case(int Bits, string Type, double[] X, double[] Upstream, int[] Codes, double[] Output, double[] Gradient)
    {
        public ScalarType Dtype => TypeOf(Type);
    }

    internal sealed record AffineCase(
        string Form, string Granularity, int Bits, string Type, bool IsSymmetric, bool IsNarrow, bool IsSigned, double[] Low, double[] High,
        double[] X, double[] Upstream, int[] Codes, double[] Output, double[] Gradient)
        : Case(Bits, Type, X, Upstream, Codes, Output, Gradient)
    {
        public AffineOptions Options => new()
        {
            Granularity = GranularityOf(Granularity),
            IsSymmetric = IsSymmetric,
            IsNarrow = IsNarrow,
            Range = RangeSource.Static,
        };

        public override string ToString() => $"affine {Form}, {Granularity}, {Bits} bits, {Type}";
    }

    internal sealed record LsqCase(
        string Form, string Granularity, int Bits, string Type, double[] UnitStep, double[] Offset, int Largest, double[] X,
        double[] Upstream, int[] Codes, double[] Output, double[] Gradient, double[] StepGradient, double[] OffsetGradient)
        : Case(Bits, Type, X, Upstream, Codes, Output, Gradient)
    {
        public LsqOptions Options => new() { Granularity = GranularityOf(Granularity), HasOffset = Form == "offset" };

        public override string ToString() => $"LSQ {Form}, {Granularity}, {Bits} bits, {Type}";
    }

    internal sealed record FixedPointCase(
        string Overflow, bool IsSigned, double Magnitude, int Bits, string Type, int IntegerBits, int FractionBits, double[] X,
        double[] Upstream, int[] Codes, double[] Output, double[] Gradient)
        : Case(Bits, Type, X, Upstream, Codes, Output, Gradient)
    {
        public CodeOverflow CodeOverflow => Enum.Parse<CodeOverflow>(Overflow);

        public override string ToString() =>
            $"fixed point {Overflow}, {(IsSigned ? "signed" : "unsigned")}, magnitude {Magnitude}, {Bits} bits, {Type}";
    }
}
