using AdaQat.Gradients;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Quantizes, in the backward pass, the gradient that comes back to a layer's output: with few bits there, both products of the layer's
/// backward pass could be made of integers. Off unless a scheme or a rule has it. Derive from it for a quantizer of your own.
/// </summary>
/// <remarks>
/// Public properties are the choices: a checkpoint notes them and compares them on resuming. One object may serve many layers. Whatever
/// random numbers it takes, it takes from torch's default generator, whose state a checkpoint brings along.
/// </remarks>
public abstract record GradientOptions
{
    /// <summary>Gradients as they are: for the rule of layers that are to have none of the scheme's.</summary>
    public static GradientOptions None { get; } = new Untouched();

    /// <summary>
    /// Whether a scheme with these options quantizes the gradients of the first and the last layer that the model calls, too. A rule's
    /// options hold for the layers that it matches, whatever this says. Default false, as in DoReFa's networks.
    /// </summary>
    public bool IncludesFirstAndLast { get; init; }

    /// <summary>
    /// Checks all choices; called before anything changes. Throws an <see cref="ArgumentException"/> that names the choice.
    /// </summary>
    public abstract void Validate();

    /// <summary>The gradient, quantized.</summary>
    /// <param name="gradient">
    /// What comes back, with the batch as its first dimension; it has an element at least. Neither changed nor disposed.
    /// </param>
    /// <returns>A new tensor of its shape and type.</returns>
    /// <remarks>What it throws is kept from native code, and raised by the model's next forward or step.</remarks>
    protected internal abstract Tensor Quantize(Tensor gradient);

    private sealed record Untouched : GradientOptions
    {
        public override void Validate()
        {
        }

        protected internal override Tensor Quantize(Tensor gradient) => gradient.alias();
    }
}
