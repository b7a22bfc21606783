using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Optimizers;

/// <summary>What an optimizer moves in a step, with what it keeps of each.</summary>
internal static class OptimizedParameters
{
    /// <summary>The parameters that have a gradient, each with that, its state, and the choices of its group.</summary>
    public static IEnumerable<(Parameter Parameter, Tensor Gradient, TState State, TOptions Options)> Of<TState, TOptions>(
        OptimizerHelper optimizer)
        where TState : OptimizerState
        where TOptions : OptimizerOptions
    {
        var all = optimizer.state_dict();
        foreach (var (place, group) in optimizer.ParamGroups.Cast<ParamGroup>().Index())
        {
            var options = (TOptions)all.Options[place];
            foreach (var (parameter, index) in group.Parameters.Zip(all.StateIndexRef[place]))
            {
                if (parameter.grad is { } gradient)
                {
                    yield return (parameter, gradient, (TState)all.State[index], options);
                }
            }
        }
    }
}
