using AdaQat.Quantizers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>DoReFa on weights of ResNet-20.</summary>
#pragma warning disable CA1001 // Clean disposes what the fields hold; BenchmarkDotNet calls it.
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class DoReFaBenchmarks
#pragma warning restore CA1001
{
    private const int Bits = 4;

    private CopyYardstick _forwardCopy = null!;
    private CopyYardstick _backwardCopy = null!;
    private QuantizerPass _pass = null!;

    [Params("64x64x3x3", "16x16x3x3")]
    public string Shape { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        set_num_threads(Threads);
        manual_seed(1);
        var elements = Shapes.Elements(Shape);
        (_forwardCopy, _backwardCopy) = (new CopyYardstick(elements, arrays: 2), new CopyYardstick(elements, arrays: 3));
        _pass = new QuantizerPass(new DoReFaWeightQuantizer(BitWidth.Fixed("weights", Bits)), randn(Shapes.Parse(Shape)));
    }

    [GlobalCleanup]
    public void Clean()
    {
        _forwardCopy.Dispose();
        _backwardCopy.Dispose();
        _pass.Dispose();
    }

    [BenchmarkCategory("Forward")]
    [Benchmark(Baseline = true)]
    public void CopyOfTwoArrays() => _forwardCopy.Copy();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void CloneOfTwoArrays() => _forwardCopy.Clone();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void Forward() => _pass.Forward();

    [BenchmarkCategory("Backward")]
    [Benchmark(Baseline = true)]
    public void CopyOfThreeArrays() => _backwardCopy.Copy();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void CloneOfThreeArrays() => _backwardCopy.Clone();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void Backward() => _pass.Backward();
}
