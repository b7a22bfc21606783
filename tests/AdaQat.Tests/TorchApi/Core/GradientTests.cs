using System.Runtime.InteropServices;

namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Backward and grad.</summary>
public sealed class GradientTests
{
    private readonly torch.Tensor x = torch.tensor(new[] { 1.0, 2.0, -3.0 }, requires_grad: true);

    [Fact]
    public void Backward_adds_to_the_gradient_of_a_leaf()
    {
        x.pow(2).sum().backward();
        Values(x.grad).Should().Equal(2, 4, -6);
        x.pow(2).sum().backward();
        Values(x.grad).Should().Equal(4, 8, -12);
    }

    [Fact]
    public void A_gradient_can_be_set_and_taken_away()
    {
        x.grad.Should().BeNull();
        x.grad = torch.ones_like(x);
        Values(x.grad).Should().Equal(1, 1, 1);
        x.grad = null;
        x.grad.Should().BeNull();
    }

    [Fact]
    public void Backward_of_more_than_one_element_needs_a_gradient_to_start_from()
    {
        var y = x * x;
        y.Invoking(several => several.backward()).Should().Throw<ExternalException>()
            .WithMessage("*grad can be implicitly created only for scalar outputs*");
        y.backward(new[] { torch.tensor(new[] { 1.0, 0.0, 2.0 }) });
        Values(x.grad).Should().Equal(2, 0, -12);
    }

    [Fact]
    public void A_graph_is_freed_by_backward_unless_it_is_to_be_kept()
    {
        var y = x.exp().sum();
        y.backward(retain_graph: true);
        y.backward();
        y.Invoking(freed => freed.backward()).Should().Throw<ExternalException>().WithMessage("*second time*");
    }

    [Fact]
    public void Backward_can_be_restricted_to_some_inputs()
    {
        using var z = torch.ones(3, torch.float64, requires_grad: true);
        (x * z).sum().backward(inputs: new[] { z });
        x.grad.Should().BeNull();
        Values(z.grad).Should().Equal(1, 2, -3);
    }

    [Fact]
    public void Grad_returns_gradients_and_leaves_none_behind()
    {
        using var z = torch.ones(3, torch.float64, requires_grad: true);
        var found = torch.autograd.grad(new[] { (x * x * z).sum() }, new[] { x, z });
        Values(found[0]).Should().Equal(2, 4, -6);
        Values(found[1]).Should().Equal(1, 4, 9);
        x.grad.Should().BeNull();
    }

    [Fact]
    public void A_second_derivative_is_the_gradient_of_a_gradient()
    {
        var first = torch.autograd.grad(new[] { x.pow(3).sum() }, new[] { x }, create_graph: true);
        var second = torch.autograd.grad(new[] { first[0].sum() }, new[] { x });
        Values(second[0]).Should().Equal(6, 12, -18);
    }

    [Fact]
    public void A_tensor_that_had_no_part_in_the_result_has_no_gradient()
    {
        using var unused = torch.ones(1, torch.float64, requires_grad: true);
        var act = () => torch.autograd.grad(new[] { x.sum() }, new[] { unused });
        act.Should().Throw<ExternalException>();
    }

    [Fact]
    public void The_gradient_of_an_intermediate_result_is_kept_on_request()
    {
        var y = x * 2;
        y.is_leaf.Should().BeFalse();
        y.retain_grad();
        y.pow(2).sum().backward();
        Values(y.grad).Should().Equal(4, 8, -12);
    }

    [Fact]
    public void A_detached_tensor_shares_memory_but_no_history()
    {
        var y = (x * 2).detach();
        y.requires_grad.Should().BeFalse();
        y.is_leaf.Should().BeTrue();
        using var shared = x.detach();
        shared.fill_(5);
        Values(x).Should().Equal(5, 5, 5);
    }

    [Fact]
    public void Changing_a_tensor_that_backward_needs_is_an_error()
    {
        var y = x.exp();
        y.add_(1);
        y.sum().Invoking(stale => stale.backward()).Should().Throw<ExternalException>().WithMessage("*modified by an inplace operation*");
    }

    private static double[] Values(torch.Tensor tensor) => tensor.data<double>().ToArray();
}
