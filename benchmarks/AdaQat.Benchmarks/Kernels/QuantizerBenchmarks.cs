using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>Quantizers on one tensor, beside copies of the bytes that their passes read and write.</summary>
#pragma warning disable CA1001 // Clean disposes what the fields hold; BenchmarkDotNet calls it.
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public abstract class QuantizerBenchmarks
#pragma warning restore CA1001
{
    protected const int Bits = 4;

    private CopyYardstick _forwardCopy = null!;
    private CopyYardstick _backwardCopy = null!;

    /// <summary>The tensor's shape, as in 128x16x32x32.</summary>
    public abstract string Shape { get; set; }

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
        PrepareQuantizers();
    }

    [GlobalCleanup]
    public void Clean()
    {
        _forwardCopy.Dispose();
        _backwardCopy.Dispose();
        CleanQuantizers();
    }

    [BenchmarkCategory("Forward")]
    [Benchmark(Baseline = true)]
    public void CopyOfTwoArrays() => _forwardCopy.Copy();

    [BenchmarkCategory("Forward")]
    [Benchmark]
    public void CloneOfTwoArrays() => _forwardCopy.Clone();

    [BenchmarkCategory("Backward")]
    [Benchmark(Baseline = true)]
    public void CopyOfThreeArrays() => _backwardCopy.Copy();

    [BenchmarkCategory("Backward")]
    [Benchmark]
    public void CloneOfThreeArrays() => _backwardCopy.Clone();

    protected abstract void PrepareQuantizers();

    protected abstract void CleanQuantizers();
}
