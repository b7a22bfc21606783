using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Core;

/// <summary>x³ scaled by a number that is no tensor.</summary>
internal sealed class ScaledCube : autograd.SingleTensorFunction<ScaledCube>
{
    public override string Name => nameof(ScaledCube);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var x = (Tensor)vars[0];
        var scale = (double)vars[1];
        ctx.save_for_backward([x]);
        ctx.save_data("scale", scale);
        return x * x * x * scale;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var x = ctx.get_saved_variables()[0];
        return [grad_output * x * x * 3 * (double)ctx.get_data("scale"), null!];
    }
}

/// <summary>Sum and product of two tensors.</summary>
internal sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
{
    public override string Name => nameof(SumAndProduct);

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (left, right) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([left, right]);
        return [left + right, left * right];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var saved = ctx.get_saved_variables();
        return [grad_outputs[0] + grad_outputs[1] * saved[1], grad_outputs[0] + grad_outputs[1] * saved[0]];
    }
}

/// <summary>Remembers which gradients reached it, with zeros for the missing ones or without.</summary>
internal sealed class Split : autograd.MultiTensorFunction<Split>
{
    public static bool Materialize { get; set; }

    public static bool[] Missing { get; private set; } = [];

    public override string Name => nameof(Split);

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.set_materialize_grads(Materialize);
        var x = (Tensor)vars[0];
        return [x * 2, x * 3];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        Missing = grad_outputs.Select(grad => grad is null || grad.IsInvalid).ToArray();
        return [grad_outputs[0] * 2];
    }
}

/// <summary>The index of the largest element, of which there is no gradient, beside the doubled input.</summary>
internal sealed class DoubledWithArgMax : autograd.MultiTensorFunction<DoubledWithArgMax>
{
    public override string Name => nameof(DoubledWithArgMax);

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var x = (Tensor)vars[0];
        var largest = x.argmax();
        ctx.mark_non_differentiable([largest]);
        return [x * 2, largest];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0] * 2];
}

internal sealed class FailsForward : autograd.SingleTensorFunction<FailsForward>
{
    public override string Name => nameof(FailsForward);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => throw new TimeoutException("forward failed");

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
}
