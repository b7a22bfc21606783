namespace AdaQat.Tests.TorchApi.Core;

/// <summary>When a tensor's memory goes.</summary>
public sealed class TensorLifetimeTests
{
    [Fact]
    public void A_disposed_tensor_refuses_to_be_used()
    {
        var tensor = torch.zeros(2);
        tensor.Dispose();
        tensor.Invoking(gone => gone.Dispose()).Should().NotThrow();
        tensor.Invoking(gone => gone.add(1)).Should().Throw<InvalidOperationException>();
        tensor.Invoking(gone => gone.shape).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void An_alias_is_the_same_tensor_and_is_disposed_by_itself()
    {
        var tensor = torch.zeros(2);
        using var alias = tensor.alias();
        tensor.fill_(7);
        tensor.Dispose();
        alias.data<float>().ToArray().Should().Equal(7f, 7f);
    }

    [Fact]
    public void Tensors_that_nobody_holds_are_given_back_by_the_garbage_collector()
    {
        Make();
        var before = torch.Tensor.TotalCount;
        for (var round = 0; round < 10 && torch.Tensor.TotalCount > before - 90; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        torch.Tensor.TotalCount.Should().BeLessThanOrEqualTo(before - 90);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Make()
        {
            for (var i = 0; i < 100; i++) _ = torch.zeros(10);
        }
    }

    [Fact]
    public void An_operation_holds_on_to_what_it_needs_after_its_input_was_disposed()
    {
        using var weight = torch.ones(2, requires_grad: true);
        var input = torch.full(2, 3f);
        using var product = weight * input;
        input.Dispose();
        product.sum().backward();
        weight.grad.data<float>().ToArray().Should().Equal(3f, 3f);
    }
}
