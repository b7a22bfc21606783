using TorchSharp.Modules;

namespace AdaQat.Optimizers;

/// <summary>A step of stochastic gradient descent.</summary>
/// <remarks>
/// g ← g + decay · w; b ← momentum · b + (1 − dampening) · g, in the first step b = g; with Nesterov's g + momentum · b in place of b;
/// w ← w − rate · b, or + where the objective is to grow.
/// </remarks>
internal static class SgdStep
{
    public static void Make(OptimizerHelper optimizer)
    {
        foreach (var (weight, itsGradient, state, options) in OptimizedParameters.Of<SGD.State, SGD.Options>(optimizer))
        {
            var (gradient, momentum, rate) = (itsGradient, options.momentum!.Value, options.LearningRate!.Value);
            if (options.weight_decay is { } decay and not 0)
            {
                gradient = gradient.Add(weight, decay);
            }

            if (momentum != 0)
            {
                if (state.momentum_buffer is { } buffer)
                {
                    buffer.MulInPlace(momentum).AddInPlace(gradient, 1 - options.dampening!.Value);
                }
                else
                {
                    state.momentum_buffer = gradient.detach().clone().DetachFromDisposeScope();
                }

                gradient = options.nesterov!.Value ? gradient.Add(state.momentum_buffer, momentum) : state.momentum_buffer;
            }

            weight.AddInPlace(gradient, options.maximize!.Value ? rate : -rate);
        }
    }
}
