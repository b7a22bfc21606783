namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Where gradients are recorded and where not.</summary>
public sealed class GradientModeTests
{
    private readonly torch.Tensor weight = torch.ones(2, requires_grad: true);

    [Fact]
    public void Nothing_is_recorded_without_gradients_and_the_mode_before_comes_back()
    {
        torch.is_grad_enabled().Should().BeTrue();
        using (torch.no_grad())
        {
            torch.is_grad_enabled().Should().BeFalse();
            (weight * 2).requires_grad.Should().BeFalse();
            using (torch.enable_grad()) (weight * 2).requires_grad.Should().BeTrue();
            torch.is_grad_enabled().Should().BeFalse();
        }
        torch.is_grad_enabled().Should().BeTrue();
        (weight * 2).requires_grad.Should().BeTrue();
    }

    [Fact]
    public void Inference_mode_makes_tensors_that_can_not_be_recorded()
    {
        torch.Tensor made;
        using (torch.inference_mode())
        {
            torch.is_inference_mode_enabled().Should().BeTrue();
            made = weight * 2;
        }
        torch.is_inference_mode_enabled().Should().BeFalse();
        made.requires_grad.Should().BeFalse();
    }

    [Fact]
    public void The_mode_belongs_to_the_thread()
    {
        using var guard = torch.no_grad();
        var elsewhere = false;
        var thread = new Thread(() => elsewhere = torch.is_grad_enabled());
        thread.Start();
        thread.Join();
        elsewhere.Should().BeTrue();
    }
}
