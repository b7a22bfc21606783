using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Holds operators of graphs against TorchSharp's, in float64.</summary>
internal static class GraphOracle
{
    private const double Tolerance = 1e-12;

    /// <summary>Numbers around 0, the same for the same seed and shape.</summary>
    public static Tensor Noise(long seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return randn(shape, dtype: ScalarType.Float64, generator: generator);
    }

    public static GraphTensor ToGraph(Tensor tensor) => tensor.dtype == ScalarType.Float32
        ? GraphTensor.Of(new(tensor.shape), tensor.contiguous().data<float>().ToArray())
        : GraphTensor.Of(new(tensor.shape), Numbers(tensor));

    /// <summary>Checks that an operator has TorchSharp's shape and, to 1e-12 of the largest number, its numbers.</summary>
    public static void Check(GraphOperator graphOperator, Func<Tensor> expected, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var results = graphOperator.Evaluate([.. inputs.Select(ToGraph)]);
        Check(results.Should().ContainSingle().Subject, expected(), graphOperator.ToString());
    }

    /// <summary>Checks a result's shape and, to 1e-12 of the largest number, its numbers.</summary>
    public static void Check(GraphTensor actual, Tensor expected, string what, double tolerance = Tolerance)
    {
        actual.Shape.Should().Equal(expected.shape, "of {0}", what);
        var (mine, theirs) = (actual.ToFloat64(), Numbers(expected));
        var largest = theirs.Where(double.IsFinite).Select(Math.Abs).Append(0).Max();
        for (var i = 0; i < mine.Length; i++)
        {
            var isSame = mine[i].Equals(theirs[i]) || Math.Abs(mine[i] - theirs[i]) <= tolerance * largest;
            isSame.Should().BeTrue("element {0} of {1} is {2:R} and should be {3:R}", i, what, mine[i], theirs[i]);
        }
    }

    /// <summary>TorchSharp can't read a tensor without elements.</summary>
    private static double[] Numbers(Tensor tensor) => tensor.numel() == 0 ? [] : Near.Numbers(tensor);
}
