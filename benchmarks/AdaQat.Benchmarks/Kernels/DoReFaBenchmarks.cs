using AdaQat.Quantizers;
using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>DoReFa on weights of ResNet-20.</summary>
#pragma warning disable CA1001 // CleanQuantizers disposes what the fields hold.
public class DoReFaBenchmarks : QuantizerBenchmarks
#pragma warning restore CA1001
{
    private QuantizerPass _pass = null!;

    [Params("64x64x3x3", "16x16x3x3")]
    public override string Shape { get; set; } = "";

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void Forward() => _pass.Forward();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void Backward() => _pass.Backward();

    protected override void PrepareQuantizers() =>
        _pass = new QuantizerPass(
            new DoReFaQuantizer(BitWidth.Fixed("weights", Bits), new DoReFaOptions { Transform = WeightTransform.Tanh }),
            randn(Shapes.Parse(Shape)));

    protected override void CleanQuantizers() => _pass.Dispose();
}
