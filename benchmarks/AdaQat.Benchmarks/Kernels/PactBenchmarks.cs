using AdaQat.Quantizers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>PACT on activations of ResNet-20 at batch 128.</summary>
#pragma warning disable CA1001 // Clean disposes what the fields hold; BenchmarkDotNet calls it.
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class PactBenchmarks
#pragma warning restore CA1001
{
    private const int Bits = 4;

    private CopyYardstick _forwardCopy = null!;
    private CopyYardstick _backwardCopy = null!;
    private QuantizerPass _unsigned = null!;
    private QuantizerPass _signed = null!;
    private RecomputedPass _lent = null!;

    [Params("128x16x32x32", "128x32x16x16", "128x64x8x8")]
    public string Shape { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        set_num_threads(Threads);
        manual_seed(1);
        var elements = Shapes.Elements(Shape);
        // Forward reads one array and writes one; backward reads the input and the gradient, and writes one.
        (_forwardCopy, _backwardCopy) = (new CopyYardstick(elements, arrays: 2), new CopyYardstick(elements, arrays: 3));
        (_unsigned, _signed) = (Pass(isSigned: false), Pass(isSigned: true));
        _lent = new RecomputedPass(Quantizer(isSigned: false), Input(isSigned: false));
    }

    [GlobalCleanup]
    public void Clean()
    {
        _forwardCopy.Dispose();
        _backwardCopy.Dispose();
        _unsigned.Dispose();
        _signed.Dispose();
        _lent.Dispose();
    }

    [BenchmarkCategory("Forward")]
    [Benchmark(Baseline = true)]
    public void CopyOfTwoArrays() => _forwardCopy.Copy();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void CloneOfTwoArrays() => _forwardCopy.Clone();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void ForwardUnsigned() => _unsigned.Forward();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void ForwardSigned() => _signed.Forward();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void ForwardIntoLentMemory() => _lent.Forward();

    [BenchmarkCategory("Backward")]
    [Benchmark(Baseline = true)]
    public void CopyOfThreeArrays() => _backwardCopy.Copy();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void CloneOfThreeArrays() => _backwardCopy.Clone();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void BackwardUnsigned() => _unsigned.Backward();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void BackwardSigned() => _signed.Backward();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void BackwardInPlace() => _lent.Backward();

    private QuantizerPass Pass(bool isSigned) => new(Quantizer(isSigned), Input(isSigned));

    private static PactActivationQuantizer Quantizer(bool isSigned) =>
        new(BitWidth.Fixed("activations", Bits), isSigned, new PactOptions { ClippingValue = 2 });

    private Tensor Input(bool isSigned) => isSigned ? randn(Shapes.Parse(Shape)) : randn(Shapes.Parse(Shape)).relu_();
}
