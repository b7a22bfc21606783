using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Equality to the last digits of a type: 1e-6 of the value for float32, 1e-12 for float64.</summary>
internal static class Near
{
    public static double Relative(ScalarType type) => type == ScalarType.Float32 ? 1e-6 : 1e-12;

    /// <summary>
    /// As <see cref="Check"/>, with the tensor's largest number for each: where an element is the difference of larger terms.
    /// </summary>
    public static void CheckAsAWhole(
        Tensor actual, IReadOnlyList<double> expected, ScalarType type, string what, double tolerance = 1) =>
        Check(actual, expected, type, what, expected.Max(Math.Abs), tolerance);

    /// <summary>Element by element; a tolerance above 1 is for what longer sums round.</summary>
    public static void Check(
        Tensor actual, IReadOnlyList<double> expected, ScalarType type, string what, double tolerance = 1) =>
        Check(actual, expected, type, what, 0, tolerance);

    /// <summary>The elements in row-major order.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using var numbers = tensor.detach().to_type(ScalarType.Float64).contiguous();
        return numbers.data<double>().ToArray();
    }

    private static void Check(
        Tensor actual, IReadOnlyList<double> expected, ScalarType type, string what, double size, double tolerance)
    {
        actual.dtype.Should().Be(type, "of the {0}", what);
        var numbers = Numbers(actual);
        numbers.Should().HaveCount(expected.Count, "of the {0}", what);
        for (var i = 0; i < numbers.Length; i++)
        {
            (Math.Abs(numbers[i] - expected[i]) <= tolerance * Relative(type) * Math.Max(size, Math.Abs(expected[i]))).Should()
                .BeTrue("element {0} of the {1} is {2:R} and should be {3:R}", i, what, numbers[i], expected[i]);
        }
    }
}
