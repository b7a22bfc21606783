using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.StandIn;

internal sealed class FailsBackward : autograd.SingleTensorFunction<FailsBackward>
{
    public override string Name => nameof(FailsBackward);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 2;

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new TimeoutException("backward failed");
}

internal sealed class ReturnsTooMany : autograd.SingleTensorFunction<ReturnsTooMany>
{
    public override string Name => nameof(ReturnsTooMany);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 2;

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output, grad_output];
}

internal sealed class KeepsState : autograd.SingleTensorFunction<KeepsState>
{
    public override string Name => nameof(KeepsState);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data("state", vars[1]);
        return (Tensor)vars[0] * 2;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * 2, null!];
}

internal sealed class DoublesInPlace : autograd.SingleTensorFunction<DoublesInPlace>
{
    public override string Name => nameof(DoublesInPlace);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var x = (Tensor)vars[0];
        x.mul_(2);
        ctx.mark_dirty([x]);
        return x;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * 2];
}
