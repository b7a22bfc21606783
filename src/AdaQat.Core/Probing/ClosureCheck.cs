using AdaQat.Diagnostics;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// Asks a closure, in the first step, for the loss that is known: what it computes otherwise would count as an effect of bits.
/// </summary>
internal sealed class ClosureCheck(QuantizedModel model, ForwardRecord forwards)
{
    /// <summary>Larger than what a device's changing order of additions does to a loss, smaller than what a bit does.</summary>
    private const double Tolerance = 1e-3;

    private bool _isDone;

    /// <summary>Checks, if this is the first time.</summary>
    /// <exception cref="NonFiniteLossException">The closure computes NaN or infinity.</exception>
    public void Once(long step, double here, Func<Tensor> closure)
    {
        if (_isDone)
        {
            return;
        }

        using var run = new ProbeRun(model.Whole, forwards, closure);
        var again = FiniteLoss.Require(run.Loss(), "loss that the closure computes", step);
        _isDone = true;
        if (Math.Abs(again - here) > Tolerance * Math.Abs(here))
        {
            model.Warn(new QuantizationWarning(nameof(closure), FormattableString.Invariant(
                $"The closure computes a loss of {again:g6} where that of the step is {here:g6}: it must be the same loss, on the same ")
                + "mini-batch, by way of model.call(x). Otherwise the differences that move bit-widths are off by as much."));
        }
    }
}
