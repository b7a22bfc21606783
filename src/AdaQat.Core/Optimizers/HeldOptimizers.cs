using AdaQat.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>Steps of TorchSharp's optimizers that hold their numbers until libtorch has read them.</summary>
/// <remarks>
/// An optimizer's own <c>step()</c> makes a TorchSharp scalar of each of its numbers, momentum and learning rate among them, which nothing
/// holds once its handle is taken. Where garbage is collected just then, on any thread, libtorch reads freed memory: the step throws
/// "Expected false to be true", the process ends, or the weights move by another number.
/// </remarks>
public static class HeldOptimizers
{
    /// <summary>
    /// The optimizer's step, to the bit, with the numbers held: of SGD, Adam and AdamW. It is the optimizer's state that moves, so both
    /// kinds of steps may follow each other, and checkpoints are the same.
    /// </summary>
    /// <param name="optimizer">The optimizer; gradients are in its parameters.</param>
    /// <returns>
    /// Whether its numbers were held. Any other optimizer, one derived from these among them, has made its own step as it is.
    /// </returns>
    public static bool StepHeld(this optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (optimizer is not OptimizerHelper helper || HeldStepOf(optimizer.GetType()) is not { } step)
        {
#pragma warning disable RS0030 // There is no other step of such an optimizer.
            using var loss = optimizer.step();
#pragma warning restore RS0030
            return false;
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        step(helper);
        return true;
    }

    /// <summary>By the very type: a derived one may do more.</summary>
    private static Action<OptimizerHelper>? HeldStepOf(Type type) =>
        type == typeof(SGD) ? SgdStep.Make
        : type == typeof(Adam) ? AdamStep.Make
        : type == typeof(AdamW) ? AdamStep.MakeDecoupled
        : null;
}
