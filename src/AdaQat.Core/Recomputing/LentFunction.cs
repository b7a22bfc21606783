using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Recomputing;

/// <summary>
/// Quantizes a layer's input into lent memory. The gradient comes back right after the layer: then it is checked that the layer found its own
/// input there. A gradient made of another's becomes NaN.
/// </summary>
internal sealed class LentFunction : SingleTensorFunction<LentFunction>
{
    public override string Name => "QuantizeIntoLentMemory";

    /// <summary>x̂, in lent memory.</summary>
    public static Tensor Apply(Tensor input, Loan loan)
    {
        using var scope = NewDisposeScope();
        return apply([input, loan, .. loan.Recomputation.Parameters]).MoveToOuterDisposeScope();
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, loan) = ((Tensor)vars[0], (Loan)vars[1]);
        ctx.save_for_backward([input]);
        ctx.save_data(nameof(Loan), loan);
        ctx.save_data(nameof(input), input.requires_grad);
        return loan.Write(input);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var loan = (Loan)ctx.get_data(nameof(Loan));
        using var received = grad_output;
        loan.Close();
        if (is_grad_enabled())
        {
            loan.Fail(new NotSupportedException(
                $"The gradient of a gradient was asked for (create_graph), for which quantized inputs have to be kept: attach with {nameof(QuantizationScheme.KeepQuantizedInputs)} = true."));
        }
        else if (!loan.IsIntact)
        {
            loan.Fail(new InvalidOperationException(
                $"The backward pass took another layer's nodes in between those of one: attach with {nameof(QuantizationScheme.KeepQuantizedInputs)} = true."));
        }

        using var input = ctx.get_saved_variables()[0];
        var needsInput = (bool)ctx.get_data(nameof(input));
        var gradient = LaidOutAs(input, grad_output);
        var forParameters = loan.Recomputation.Differentiate(input, gradient, needsInput);
        if (!loan.IsIntact)
        {
            gradient.fill_(double.NaN);
            forParameters.ToList().ForEach(g => g.fill_(double.NaN));
        }

        if (!needsInput)
        {
            gradient.Dispose();
        }

        return loan.Handover.Return([needsInput ? gradient : null!, null!, .. forParameters]);
    }

    /// <summary>The gradient, which is nobody else's, so that it may be overwritten.</summary>
    private static Tensor LaidOutAs(Tensor input, Tensor gradient) => gradient.stride().SequenceEqual(input.stride())
        ? gradient.alias()
        : empty_like(input).copy_(gradient);
}
