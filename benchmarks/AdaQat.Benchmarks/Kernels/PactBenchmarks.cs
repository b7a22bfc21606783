using AdaQat.Quantizers;
using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>PACT on activations of ResNet-20 at batch 128.</summary>
#pragma warning disable CA1001 // CleanQuantizers disposes what the fields hold.
public class PactBenchmarks : QuantizerBenchmarks
#pragma warning restore CA1001
{
    private QuantizerPass _unsigned = null!;
    private QuantizerPass _signed = null!;

    [Params("128x16x32x32", "128x32x16x16", "128x64x8x8")]
    public override string Shape { get; set; } = "";

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void ForwardUnsigned() => _unsigned.Forward();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void ForwardSigned() => _signed.Forward();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void BackwardUnsigned() => _unsigned.Backward();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void BackwardSigned() => _signed.Backward();

    protected override void PrepareQuantizers()
    {
        (_unsigned, _signed) = (Pass(isSigned: false), Pass(isSigned: true));
    }

    protected override void CleanQuantizers()
    {
        _unsigned.Dispose();
        _signed.Dispose();
    }

    private QuantizerPass Pass(bool isSigned) => new(
        new PactQuantizer(BitWidth.Fixed("activations", Bits), isSigned, new PactOptions { ClippingValue = 2 }),
        isSigned ? randn(Shapes.Parse(Shape)) : randn(Shapes.Parse(Shape)).relu_());
}
