using AdaQat.Costs;
using AdaQat.Diagnostics;
using AdaQat.Freezing;
using static TorchSharp.torch;

namespace AdaQat.Learning;

/// <summary>
/// The widths that quantizers infer from what they learn: the cost pushes on that by gradient, and they are looked at until they settle.
/// </summary>
internal sealed class InferredWidths
{
    private readonly QuantizedModel _model;
    private readonly List<(WidthState State, Quantizer Quantizer)> _widths;

    public InferredWidths(QuantizedModel model, IReadOnlyList<WidthState> states)
    {
        _model = model;
        var quantizers = model.Layers.SelectMany(l => new[] { l.WeightQuantizer, l.ActivationQuantizer }).ToList();
        _widths = [.. states.Where(s => s.Width.IsInferred).Select(s => (s, quantizers.First(q => ReferenceEquals(q.Width, s.Width))))];
    }

    /// <exception cref="ArgumentException">
    /// λ is to be steered, but how fast an inferred width follows is up to the weights' optimizer.
    /// </exception>
    public void RefuseTarget(BitWidthOptimizerOptions options)
    {
        if (_widths.Count > 0 && options.Steering is { Target: var target })
        {
            throw new ArgumentException(
                $"{target.Name} is set, but '{_widths[0].State.Width.Name}' and {_widths.Count - 1} more are inferred widths, which move "
                + $"with the weights' optimizer: λ cannot be steered for them. Leave {target.Name} out and set Lambda.", target.Name);
        }
    }

    /// <summary>Adds λ·∂L_hard/∂N to the gradients of what each N is inferred from: they are then those of the loss and the cost.</summary>
    /// <param name="lambda">λ.</param>
    /// <param name="cost">L_hard.</param>
    /// <param name="step">The number of the step, for messages.</param>
    /// <exception cref="NonFiniteLossException">The cost's derivative is NaN or infinite; no gradient has changed.</exception>
    public void AddCost(double lambda, IHardwareCost cost, long step)
    {
        if (_widths.Count == 0 || lambda == 0)
        {
            return;
        }

        using var gradient = enable_grad();
        using var scope = NewDisposeScope();
        var terms = new List<Tensor>();
        // At its minimum a width has nowhere to be pushed to, and one that has not started yet is none.
        foreach (var (width, quantizer) in _widths.Select(w => (w.State.Width, w.Quantizer))
            .Where(w => !w.Width.IsFrozen && w.Width.Value > w.Width.Minimum && w.Quantizer.IsCalibrated))
        {
            var slope = FiniteLoss.Require(
                lambda * cost.Derivative(_model.Profiles, width), $"gradient of '{width.Name}'", step);
            var term = quantizer.InferWidth()!.Mul(slope);
            if (term.requires_grad)
            {
                terms.Add(term);
            }
        }

        if (terms.Count > 0)
        {
            autograd.backward(terms);
        }
    }

    /// <summary>Looks at the widths as often as others are probed, and freezes those that have settled, or whose time has come.</summary>
    /// <param name="step">The number of the step.</param>
    /// <param name="schedule">How often, and when.</param>
    public void Follow(long step, WidthSchedule schedule)
    {
        foreach (var (state, _) in _widths.Where(w => !w.State.Width.IsFrozen))
        {
            if (step % schedule.ProbeInterval == 0)
            {
                state.Follow(schedule.ProbeInterval, step, schedule.RestSteps);
            }

            if (step >= schedule.FreezeStep)
            {
                state.Settle(state.Width.Bits, step, FreezeReason.Schedule);
            }
        }
    }
}
