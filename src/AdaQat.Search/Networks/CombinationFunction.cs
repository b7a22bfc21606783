using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Search.Networks;

/// <summary>The kernel of <see cref="ChannelCombination"/> as one node of the autograd graph.</summary>
internal sealed class CombinationFunction : SingleTensorFunction<CombinationFunction>
{
    public override string Name => "ChannelCombination";

    /// <param name="input">x.</param>
    /// <param name="numbers">a, p, q, c.</param>
    /// <param name="windows">f and l.</param>
    /// <param name="moments">The input's own, which the gradient goes through.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="faults">Takes what goes wrong in the backward pass.</param>
    public static Tensor Apply(
        Tensor input, MixedNumbers numbers, ChannelWindows windows, ChannelMoments moments, double epsilon, BackwardFaults faults) =>
        apply(
            input, numbers.Own, numbers.First, numbers.Last, numbers.Shift,
            new Kept(windows, moments, moments.InverseDeviation(epsilon), faults));

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, numbers) = ((Tensor)vars[0], new MixedNumbers((Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Tensor)vars[4]));
        var kept = (Kept)vars[5];
        ctx.save_for_backward([input, .. numbers.All]);
        ctx.save_data(nameof(Kept), kept);
        return CombinationKernel.Forward(input, numbers, kept.Windows, kept.Moments, kept.InverseDeviation);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var received = grad_output;
        var saved = ctx.get_saved_variables();
        using var input = saved[0];
        using var own = saved[1];
        using var first = saved[2];
        using var last = saved[3];
        using var shift = saved[4];
        var kept = (Kept)ctx.get_data(nameof(Kept));
        try
        {
            using var gradient = received.contiguous();
            var (forInput, forNumbers) = CombinationKernel.Backward(
                gradient, input, new MixedNumbers(own, first, last, shift), kept.Windows, kept.Moments, kept.InverseDeviation);
            return [forInput, .. forNumbers, null!];
        }
        catch (Exception fault)
        {
            kept.Faults.Note(fault);
            return [FullLike(input, double.NaN), FullLike(own, double.NaN), FullLike(own, double.NaN),
                FullLike(own, double.NaN), FullLike(own, double.NaN), null!];
        }
    }

    /// <summary>What the backward pass needs besides tensors.</summary>
    private sealed record Kept(ChannelWindows Windows, ChannelMoments Moments, float[] InverseDeviation, BackwardFaults Faults);
}
