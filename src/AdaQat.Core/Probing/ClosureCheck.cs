using AdaQat.Diagnostics;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// Asks a closure, in the first step, for the loss that is known: what it computes otherwise would count as an effect of bits.
/// </summary>
internal sealed class ClosureCheck(QuantizedModel model, CalledModules modules, ForwardRecord forwards)
{
    /// <summary>Larger than what a device's changing order of additions does to a loss, smaller than what a bit does.</summary>
    private const double Tolerance = 1e-3;

    private bool _isDone;

    /// <summary>Checks, if this is the first time.</summary>
    /// <exception cref="NonFiniteLossException">The closure computes NaN or infinity.</exception>
    /// <exception cref="InvalidOperationException">The closure does more than compute the loss.</exception>
    public void Once(long step, double here, Func<Tensor> closure)
    {
        if (_isDone)
        {
            return;
        }

        var gradients = GradientSum();
        using var run = new ProbeRun(modules, forwards, closure);
        var again = FiniteLoss.Require(run.Loss(), "loss that the closure computes", step);
        if (!GradientSum().Equals(gradients))
        {
            throw new InvalidOperationException(
                "The closure changes gradients, as zero_grad() does: it must only compute the loss again and return it.");
        }

        _isDone = true;
        if (Math.Abs(again - here) > Tolerance * Math.Abs(here))
        {
            model.Warn(new QuantizationWarning(nameof(closure), FormattableString.Invariant(
                $"The closure computes a loss of {again:g6} where that of the step is {here:g6}: it must be the same loss, on the same ")
                + "mini-batch, by way of model.call(x). Otherwise the differences that move bit-widths are off by as much."));
        }
    }

    /// <summary>Differs where a gradient was taken away or changed.</summary>
    private double GradientSum()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return model.Whole.parameters().Select(p => p.grad).OfType<Tensor>().Where(g => g.numel() > 0)
            .Sum(g => g.abs().sum().to(ScalarType.Float64).item<double>());
    }
}
