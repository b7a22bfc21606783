using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Search.Networks;

/// <summary>The kernel of <see cref="ChannelCombination"/> as one node of the autograd graph.</summary>
internal sealed class CombinationFunction : SingleTensorFunction<CombinationFunction>
{
    private const int Numbers = 5;

    public override string Name => "ChannelCombination";

    public static Tensor Apply(
        Tensor normalized, Tensor own, Tensor first, Tensor last, Tensor shift, ChannelWindows windows, BackwardFaults faults) =>
        apply(normalized, own, first, last, shift, windows, faults);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (normalized, numbers) = ((Tensor)vars[0], vars[1..Numbers].Cast<Tensor>().ToArray());
        var windows = (ChannelWindows)vars[Numbers];
        ctx.save_for_backward([normalized, .. numbers[..3]]);
        ctx.save_data(nameof(ChannelWindows), windows);
        ctx.save_data(nameof(BackwardFaults), vars[Numbers + 1]);
        return CombinationKernel.Forward(normalized, numbers, windows);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        var saved = ctx.get_saved_variables();
        using var normalized = saved[0];
        using var own = saved[1];
        using var first = saved[2];
        using var last = saved[3];
        try
        {
            using var gradient = received.contiguous();
            var (forInput, forNumbers) = CombinationKernel.Backward(
                gradient, normalized, [own, first, last], (ChannelWindows)ctx.get_data(nameof(ChannelWindows)));
            return [forInput, .. forNumbers, null!, null!];
        }
        catch (Exception fault)
        {
            ((BackwardFaults)ctx.get_data(nameof(BackwardFaults))).Note(fault);
            return [FullLike(normalized, double.NaN), FullLike(own, double.NaN), FullLike(own, double.NaN),
                FullLike(own, double.NaN), FullLike(own, double.NaN), null!, null!];
        }
    }
}
