using AdaQat.Search.Networks;
using AdaQat.Search.Sampling;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Searching;

/// <summary>
/// The two halves of a search's step: SGD of the weights on one batch, Adam of α on another, at two candidates drawn for each.
/// </summary>
/// <param name="loss">The loss of an output and a target.</param>
/// <param name="options">The search's choices.</param>
internal sealed class SearchStepper(Func<Tensor, Tensor, Tensor> loss, ChannelSearchOptions options)
{
    private readonly PairSampler _sampler = new(options.Seed);

    /// <summary>τ: half a cosine from its start to its end.</summary>
    public double Temperature(int step, long steps) => options.EndTemperature
        + ((options.StartTemperature - options.EndTemperature) * (1 + Math.Cos(Math.PI * step / Math.Max(1, steps))) / 2);

    /// <summary>Moves the weights.</summary>
    /// <returns>The loss.</returns>
    /// <exception cref="NonFiniteLossException">It is not finite; nothing has moved.</exception>
    public double StepOfWeights(LearningNetwork learning, Batch batch, int step, long steps)
    {
        using var scope = NewDisposeScope();
        foreach (var group in learning.Optimizers.Weights.ParamGroups)
        {
            group.LearningRate = options.LearningRate * options.Schedule.FactorAt(step, steps);
        }

        learning.Optimizers.Weights.zero_grad();
        using (no_grad())
        {
            Draw(learning, step, phase: 0, steps);
        }

        var value = Backward(learning, batch, "weights", step);
        learning.Optimizers.Weights.StepHeld();
        return value;
    }

    /// <summary>Moves α. The weights need no gradients here, which spares a third of the backward pass.</summary>
    /// <returns>The loss without those of costs.</returns>
    /// <exception cref="NonFiniteLossException">It, or a gradient of α, is not finite; α has not moved.</exception>
    public double StepOfChannels(LearningNetwork learning, Batch batch, int step, long steps)
    {
        using var scope = NewDisposeScope();
        var weights = learning.Network.Weights().Select(w => w.Parameter).Where(w => w.requires_grad).ToList();
        weights.ForEach(weight => weight.requires_grad = false);
        try
        {
            learning.Optimizers.Channels.zero_grad();
            Draw(learning, step, phase: 1, steps);
            var value = Backward(learning, batch, "channels", step);
            CostGradient.AddTo(
                learning.Network.Alphas, learning.Network.Preferred(),
                (learning.Macs, options.TargetMacs, options.MacsWeight),
                (learning.Parameters, options.TargetParameters, options.ParametersWeight));
            RequireFinite(learning.Network.Alphas, step);
            learning.Optimizers.Channels.StepHeld();
            return value;
        }
        finally
        {
            weights.ForEach(weight => weight.requires_grad = true);
        }
    }

    /// <summary>A finite loss may have a gradient that is not, as that of √0.</summary>
    private static void RequireFinite(IReadOnlyList<Parameter> alphas, int step)
    {
        if (alphas.Any(alpha => alpha.grad is { } gradient && !gradient.data<double>().ToArray().All(double.IsFinite)))
        {
            throw new NonFiniteLossException(FormattableString.Invariant(
                $"The gradient of α is not finite in step {step + 1}, though the loss is: the step is refused, α did not take it."));
        }
    }

    private void Draw(LearningNetwork learning, int step, int phase, long steps)
    {
        var temperature = Temperature(step, steps);
        learning.Network.Draw(
            [.. learning.Network.Alphas.Select((alpha, group) => _sampler.Draw(alpha, temperature, step, phase, group))]);
    }

    private double Backward(LearningNetwork learning, Batch batch, string moved, int step)
    {
        var which = FormattableString.Invariant($"the batch of the {moved} in step {step + 1}");
        var lost = ToldFailures.Loss(loss, ToldFailures.Output(learning.Network.Model, batch, which), batch, which);
        var value = lost.numel() == 1 ? lost.detach().to(ScalarType.Float64).item<double>() : throw new ArgumentException(
            $"The loss has the shape [{string.Join(", ", lost.shape)}]; it has to be one number.");
        if (!double.IsFinite(value))
        {
            throw new NonFiniteLossException(FormattableString.Invariant(
                $"The loss of the {moved} is {value} in step {step + 1}: the step is refused, the {moved} did not take it."));
        }

        lost.backward();
        learning.Network.Faults.Raise();
        return value;
    }
}
