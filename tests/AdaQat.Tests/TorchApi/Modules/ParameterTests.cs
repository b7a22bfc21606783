using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>What becomes of a tensor that is made a parameter.</summary>
public sealed class ParameterTests
{
    [Fact]
    public void The_tensor_it_is_made_from_is_empty_afterwards()
    {
        var data = ones(3);
        using var parameter = new Parameter(data);

        data.IsInvalid.Should().BeTrue();
        parameter.shape.Should().Equal(3);
        parameter.requires_grad.Should().BeTrue();
        parameter.is_leaf.Should().BeTrue();
    }

    [Fact]
    public void It_may_do_without_a_gradient()
    {
        using var parameter = nn.Parameter(ones(3), requires_grad: false);
        parameter.requires_grad.Should().BeFalse();
    }

    [Fact]
    public void Made_from_a_computed_tensor_it_hands_its_gradient_on_to_what_that_was_computed_from()
    {
        using var scope = NewDisposeScope();
        var latent = tensor(new[] { 1f, -2f, 3f }, requires_grad: true);
        var parameter = new Parameter(latent * 5);

        (parameter * tensor(new[] { 1f, 2f, 3f })).sum().backward();

        parameter.is_leaf.Should().BeFalse();
        latent.grad!.data<float>().ToArray().Should().Equal(5, 10, 15);
    }

    [Fact]
    public void It_takes_the_place_of_its_tensor_in_the_dispose_scope()
    {
        Parameter inside, outside;
        using (var scope = NewDisposeScope())
        {
            inside = new Parameter(ones(1));
            outside = new Parameter(ones(1).DetachFromDisposeScope());
            scope.DisposablesCount.Should().Be(1);
        }

        inside.IsInvalid.Should().BeTrue();
        outside.IsInvalid.Should().BeFalse();
        outside.Dispose();
    }

    [Fact]
    public void Making_and_disposing_one_leaves_as_many_tensors_alive_as_before()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (new Parameter(ones(1)))
        {
        }
        using (NewDisposeScope())
        {
            _ = new Parameter(ones(1));
        }

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(before);
    }
}
