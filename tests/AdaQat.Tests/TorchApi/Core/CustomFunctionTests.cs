namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Differentiable functions with a hand-written backward.</summary>
public sealed class CustomFunctionTests
{
    private readonly torch.Tensor x = torch.tensor(new[] { 0.5, -1.25, 2 }, requires_grad: true);

    [Fact]
    public void Result_and_gradient_are_those_of_the_formula()
    {
        var y = ScaledCube.apply(x, 4.0);
        Values(y).Should().Equal(0.5, -7.8125, 32);
        y.requires_grad.Should().BeTrue();

        y.sum().backward();
        Values(x.grad).Should().Equal(3, 18.75, 48);
    }

    [Fact]
    public void The_gradient_equals_the_difference_quotient()
    {
        ScaledCube.apply(x, 1.5).sum().backward();
        const double h = 1e-5;
        using var guard = torch.no_grad();
        for (var i = 0; i < 3; i++)
        {
            var step = torch.zeros_like(x);
            step[i] = h;
            var quotient = (ScaledCube.apply(x + step, 1.5).sum() - ScaledCube.apply(x - step, 1.5).sum()).item<double>() / (2 * h);
            x.grad[i].item<double>().Should().BeApproximately(quotient, 1e-8);
        }
    }

    [Fact]
    public void Several_results_take_part_in_the_graph()
    {
        using var z = torch.tensor(new[] { 2.0, 3, 4 }, requires_grad: true);
        var results = SumAndProduct.apply(x, z);
        (results[0] * 10 + results[1]).sum().backward();
        Values(x.grad).Should().Equal(12, 13, 14);
        Values(z.grad).Should().Equal(10.5, 8.75, 12);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_gradient_that_nobody_computed_is_zeros_or_missing(bool materialize, bool missing)
    {
        Split.Materialize = materialize;
        Split.apply(x)[0].sum().backward();
        Split.Missing.Should().Equal(false, missing);
        Values(x.grad).Should().Equal(2, 2, 2);
    }

    [Fact]
    public void A_result_marked_as_not_differentiable_needs_no_gradient()
    {
        var results = DoubledWithArgMax.apply(x);
        results[0].requires_grad.Should().BeTrue();
        results[1].requires_grad.Should().BeFalse();
        results[1].item<long>().Should().Be(2);
        results[0].sum().backward();
        Values(x.grad).Should().Equal(2, 2, 2);
    }

    [Fact]
    public void Without_gradients_only_forward_runs()
    {
        using var guard = torch.no_grad();
        ScaledCube.apply(x, 1.0).requires_grad.Should().BeFalse();
    }

    [Fact]
    public void Forward_records_nothing_of_its_own()
    {
        var y = ScaledCube.apply(x, 1.0);
        y.is_leaf.Should().BeFalse();
        var again = torch.autograd.grad(new[] { y.sum() }, new[] { x });
        Values(again[0]).Should().Equal(0.75, 4.6875, 12);
    }

    [Fact]
    public void An_exception_in_forward_comes_out_and_the_gradient_mode_is_as_before()
    {
        var act = () => FailsForward.apply(x);
        act.Should().Throw<TimeoutException>().WithMessage("forward failed");
        torch.is_grad_enabled().Should().BeTrue();
    }

    private static double[] Values(torch.Tensor tensor) => tensor.data<double>().ToArray();
}
