using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Recomputing;

/// <summary>The identity on a layer's output: when the gradient comes back through it, the layer's quantized input is written again.</summary>
internal sealed class RestoreFunction : SingleTensorFunction<RestoreFunction>
{
    public override string Name => "RestoreQuantizedInput";

    /// <summary><paramref name="output"/> itself, in a tensor of its own.</summary>
    /// <param name="output">What the layer returned.</param>
    /// <param name="input">What its input was quantized from.</param>
    /// <param name="loan">Writes the quantized input.</param>
    public static Tensor Apply(Tensor output, Tensor input, Loan loan)
    {
        using var scope = NewDisposeScope();
        return apply(output, input.detach(), loan).MoveToOuterDisposeScope();
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        ctx.save_for_backward([(Tensor)vars[1]]);
        ctx.save_data(nameof(Loan), vars[2]);
        // Not an alias, which autograd would take for a view, on which nothing may be done in place.
        return ((Tensor)vars[0]).detach();
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var loan = (Loan)ctx.get_data(nameof(Loan));
        using var received = grad_output;
        try
        {
            if (!loan.IsIntact)
            {
                using var guard = no_grad();
                using var source = ctx.get_saved_variables()[0];
                loan.Write(source).Dispose();
            }
        }
#pragma warning disable CA1031 // Whatever it is must reach the caller of the next forward: on TorchSharp's own autograd it would end the process here.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            loan.Fail(fault);
        }

        return loan.Handover.Return([grad_output.alias(), null!, null!]);
    }
}
