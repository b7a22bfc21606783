using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>Numbers with a shape.</summary>
public sealed class TensorsTests
{
    [Fact]
    public void Numbers_are_copied_in_and_rounded_once_when_they_are_converted()
    {
        double[] numbers = [0.1, 1e300];
        var tensor = GraphTensor.Of([2], numbers);
        numbers[0] = 7;

        tensor.ToFloat64().Should().Equal(0.1, 1e300);
        tensor.To(ElementType.Float32).AsFloat32().ToArray().Should().Equal(0.1f, float.PositiveInfinity);
        tensor.To(ElementType.Float32).To(ElementType.Float64).ToFloat64()[0].Should().Be(0.1f);
        tensor.To(ElementType.Float64).Should().BeSameAs(tensor);
    }

    [Fact]
    public void Tensors_are_equal_by_type_shape_and_bits()
    {
        var tensor = GraphTensor.Of([2], [0f, float.NaN]);

        tensor.Should().Be(GraphTensor.Of([2], [0f, float.NaN]));
        tensor.GetHashCode().Should().Be(GraphTensor.Of([2], [0f, float.NaN]).GetHashCode());
        tensor.Should().NotBe(GraphTensor.Of([2], [-0f, float.NaN]));
        tensor.Should().NotBe(GraphTensor.Of([2, 1], [0f, float.NaN]));
        tensor.Should().NotBe(GraphTensor.Of([2], [0.0, double.NaN]));
    }

    [Fact]
    public void As_many_numbers_as_the_shape_has_elements_are_needed()
    {
        var make = () => GraphTensor.Of([2, 2], [1f, 2f, 3f]);

        make.Should().Throw<ArgumentException>().WithMessage("There are 3 numbers for a tensor of shape [2,2], which has 4 elements.");
    }

    [Fact]
    public void Memory_of_another_type_is_not_lent()
    {
        var tensor = GraphTensor.Of([1], [1f]);

        tensor.Invoking(t => t.AsFloat64().Length).Should().Throw<InvalidOperationException>().WithMessage("*float32[1]*");
        tensor.AsFloat32().ToArray().Should().Equal(1f);
    }

    [Fact]
    public void Operators_take_tensors_of_one_type()
    {
        new AddOperator().Invoking(add => add.Evaluate(GraphTensor.Scalar(1), GraphTensor.Scalar(1, ElementType.Float32)))
            .Should().Throw<GraphException>().WithMessage("*Float32 and the first of type Float64*");
    }
}
