using System.Text.Json;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>What PyTorch's autograd makes of a learned step and range: the content of Fixtures/learned_range.json.</summary>
internal static class LearnedRangeFixtures
{
    private static readonly Lazy<IReadOnlyList<Case>> Loaded = new(() => JsonSerializer.Deserialize<IReadOnlyList<Case>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "learned_range.json")), JsonSerializerOptions.Web)!);

    public static IReadOnlyList<Case> All => Loaded.Value;

    internal sealed record Case(
        string Form, int Bits, bool IsSigned, string Type, bool HasPowerOfTwoStep, int Least, int Most, double StepLog2, double RangeLog2,
        double Inferred, double Step, double[] X, double[] Upstream, int[] Codes, double[] Output, double[] Gradient, double StepGradient,
        double RangeGradient)
    {
        public ScalarType Dtype => Type == "f32" ? ScalarType.Float32 : ScalarType.Float64;

        /// <summary>The quantizer; of an inferred width where the step is learned.</summary>
        public LearnedRangeQuantizer Quantizer(KernelChoice kernels) => MakeUniform.LearnedRange(
            Most > 0 ? BitWidth.Inferred("q", Most, Least, Most) : BitWidth.Fixed("q", Bits), StepLog2, RangeLog2, IsSigned,
            new LearnedRangeOptions { HasPowerOfTwoStep = HasPowerOfTwoStep, Kernels = kernels }, Dtype);

        public override string ToString() =>
            $"learned range, {Form}, {(IsSigned ? "signed" : "unsigned")}, {Bits} bits, {Type}, d = {Step}, 2^n {HasPowerOfTwoStep}";
    }
}
