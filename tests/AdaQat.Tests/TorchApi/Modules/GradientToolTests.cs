using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Clipping gradients, and parameters as one vector.</summary>
public sealed class GradientToolTests
{
    [Fact]
    public void Clipping_the_norm_scales_all_gradients_alike_and_returns_the_norm_before()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients([3f], [0f, 4f]);

        utils.clip_grad_norm_(parameters, 1).Should().BeApproximately(5, 1e-5);

        parameters[0].grad!.item<float>().Should().BeApproximately(0.6f, 1e-5f);
        parameters[1].grad!.data<float>()[1].Should().BeApproximately(0.8f, 1e-5f);
        utils.clip_grad_norm_(parameters, 10).Should().BeApproximately(1, 1e-4);
        parameters[0].grad!.item<float>().Should().BeApproximately(0.6f, 1e-4f);
    }

    [Fact]
    public void Clipping_the_largest_element_takes_the_infinity_norm()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients([3f], [0f, -4f]);

        utils.clip_grad_norm_(parameters, 2, double.PositiveInfinity).Should().BeApproximately(4, 1e-6);

        parameters[1].grad!.data<float>()[1].Should().BeApproximately(-2f, 1e-5f);
    }

    [Fact]
    public void Clipping_values_bounds_each_element()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients([3f], [0.5f, -4f]);

        utils.clip_grad_value_(parameters, 1);

        parameters[0].grad!.item<float>().Should().Be(1);
        parameters[1].grad!.data<float>().ToArray().Should().Equal(0.5f, -1f);
    }

    [Fact]
    public void Parameters_without_gradients_are_passed_over()
        => utils.clip_grad_norm_([Parameter(ones(2))], 1).Should().Be(0);

    [Fact]
    public void Parameters_become_one_vector_and_take_their_values_from_one()
    {
        using var layer = Linear(2, 1);
        using var vector = utils.parameters_to_vector(layer.parameters());

        vector.shape.Should().Equal(3);
        utils.vector_to_parameters(tensor(new[] { 1f, 2f, 3f }), layer.parameters());
        layer.weight!.data<float>().ToArray().Should().Equal(1, 2);
        layer.bias!.item<float>().Should().Be(3);
    }

    private static Parameter[] WithGradients(params float[][] gradients) => Array.ConvertAll(gradients, values =>
    {
        var parameter = Parameter(zeros(values.Length));
        parameter.grad = tensor(values);
        return parameter;
    });
}
