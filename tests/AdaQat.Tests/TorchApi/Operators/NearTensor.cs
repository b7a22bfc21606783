using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

/// <summary>Equality of type and shape, and of numbers to the last digits of their type.</summary>
internal static class NearTensor
{
    /// <summary>Whole numbers and truth values must be equal; others may differ by a part of the largest number of the tensor.</summary>
    public static void Check(Tensor actual, OperatorTensor expected, double slack, string what)
    {
        actual.dtype.Should().Be(expected.Dtype, "of the {0}", what);
        actual.shape.Should().Equal(expected.Shape, "of the {0}", what);
        var numbers = actual.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
        var wanted = expected.Numbers;
        var relative = slack * expected.Type switch { "f32" => 1e-6, "f64" => 1e-12, _ => 0 };
        var allowed = relative * wanted.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < wanted.Length; i++)
        {
            var equal = numbers[i].Equals(wanted[i]) || Math.Abs(numbers[i] - wanted[i]) <= allowed;
            equal.Should().BeTrue("element {0} of the {1} ({2}) is {3:R} and should be {4:R}", i, what, expected, numbers[i], wanted[i]);
        }
    }
}
