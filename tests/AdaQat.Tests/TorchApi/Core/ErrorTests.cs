using System.Runtime.InteropServices;

namespace AdaQat.Tests.TorchApi.Core;

/// <summary>What torch refuses becomes an exception with torch's words.</summary>
public sealed class ErrorTests
{
    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        var act = () => torch.zeros(2, 3).add(torch.zeros(4));
        act.Should().Throw<ExternalException>().WithMessage("*size of tensor a (3) must match the size of tensor b (4)*");
    }

    [Fact]
    public void An_integer_tensor_can_not_require_a_gradient()
    {
        using var tensor = torch.zeros(2, torch.int64);
        tensor.Invoking(integers => integers.requires_grad = true).Should().Throw<ExternalException>().WithMessage("*floating point*");
    }

    [Fact]
    public void After_an_error_the_next_call_works()
    {
        using var a = torch.ones(2, 3);
        a.Invoking(matrix => matrix.mm(matrix)).Should().Throw<ExternalException>();
        a.sum().item<float>().Should().Be(6);
    }

    [Fact]
    public void An_element_is_read_only_from_a_tensor_of_one_and_as_its_own_type()
    {
        torch.zeros(2).Invoking(two => two.item<float>()).Should().Throw<ArgumentException>();
        torch.zeros(1).Invoking(single => single.item<double>()).Should().Throw<ArgumentException>();
        torch.zeros(1).Invoking(single => single.data<int>()).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void An_array_too_short_for_the_shape_is_refused()
    {
        var act = () => torch.tensor(new[] { 1f, 2f, 3f }, new long[] { 2, 2 });
        act.Should().Throw<ArgumentException>();
    }
}
