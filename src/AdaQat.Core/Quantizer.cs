using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>What quantizers of weights and of activations have in common; derive from <see cref="WeightQuantizer"/> or <see cref="ActivationQuantizer"/>.</summary>
/// <remarks>
/// A quantizer is a module, and TorchSharp moves a module's fields and public properties by name: a class of your own must not hide or override
/// a property by one of another type, which attaching refuses.
/// </remarks>
public abstract class Quantizer : nn.Module<Tensor, Tensor>
{
    private protected Quantizer(string name, BitWidth width, object? options)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(width);
        (Width, Options) = (width, options);
    }

    /// <summary>The width it quantizes to; may be shared with other quantizers.</summary>
    public BitWidth Width { get; }

    /// <summary>
    /// The choices it was made with, such as a record, whose public properties a checkpoint notes and compares on resuming; null where there are none.
    /// </summary>
    public object? Options { get; }

    /// <summary>Set while attached.</summary>
    internal DeferredDisposal? ReturnedGradients { get; set; }

    /// <summary>
    /// For a custom autograd function of a quantizer: what its <c>backward</c> returns goes through this, so that it is disposed as soon as libtorch
    /// has taken it. Left to dispose scopes, all gradients of a backward pass stay in memory until the step ends; on a GPU, where the backward pass runs on
    /// a thread without a scope, until the garbage collector comes. Where the quantizer is not attached, scopes are what there is.
    /// </summary>
    /// <param name="gradients">New tensors, which nobody else holds, and null for an argument without a gradient.</param>
    /// <returns>The same list.</returns>
    public List<Tensor> DisposeOnceTaken(List<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        return ReturnedGradients?.Return(gradients) ?? gradients;
    }

    /// <summary>Refuses a class that <c>Module.to</c> would fail on.</summary>
    /// <exception cref="ArgumentException">Two public properties of the class have one name.</exception>
    internal void RequireDistinctProperties()
    {
        if (GetType().GetProperties().GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"The quantizer {GetType().Name} has two public properties '{twice.Key}', one hidden by the other: TorchSharp moves a module's properties by name. "
                + "Give the new one another name, or override it with the same type.");
        }
    }
}
