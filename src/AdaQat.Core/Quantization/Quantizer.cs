using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// What quantizers of weights and of activations have in common; derive from <see cref="WeightQuantizer"/> or <see
/// cref="ActivationQuantizer"/>.
/// </summary>
/// <remarks>
/// A quantizer is a module, and TorchSharp moves a module's fields and public properties by name: a class of your own must not hide or
/// override a property by one of another type, which attaching refuses.
/// </remarks>
public abstract class Quantizer : nn.Module<Tensor, Tensor>
{
    private readonly BackwardGuard _ownGuard = new();
    private BackwardGuard? _modelsGuard;

    private protected Quantizer(string name, BitWidth width, object? options)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(width);
        (Width, Options) = (width, options);
    }

    /// <summary>The width it quantizes to; may be shared with other quantizers.</summary>
    public BitWidth Width { get; }

    /// <summary>
    /// The choices it was made with, such as a record, whose public properties a checkpoint notes and compares on resuming; null where
    /// there are none.
    /// </summary>
    public object? Options { get; }

    /// <summary>Guards its backward passes: the model's while attached, its own before and after.</summary>
    internal BackwardGuard BackwardGuard
    {
        get => _modelsGuard ?? _ownGuard;
        set => _modelsGuard = value;
    }

    /// <summary>
    /// For a custom autograd function of a quantizer: its <c>backward</c> computes and returns through this. An exception there would end
    /// the process, since native code calls it: it is kept, and raised by the next call of the model or of <see
    /// cref="BitWidthOptimizer.Step"/>. And gradients are disposed as soon as libtorch has taken them; left to dispose scopes, they stay in
    /// memory until the step ends, and on a GPU, where the backward pass runs on a thread without a scope, until the garbage collector
    /// comes.
    /// </summary>
    /// <param name="gradients">Makes the gradients: new tensors, which nobody else holds, and null for an argument without one.</param>
    /// <param name="substitutes">Makes what is returned where that fails: tensors of NaN of the same shapes.</param>
    public List<Tensor> RunBackward(Func<List<Tensor>> gradients, Func<List<Tensor>> substitutes)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(substitutes);
        return BackwardGuard.Run(gradients, substitutes);
    }

    /// <summary>Raises what went wrong in the last backward pass; a quantizer calls it at the start of its <c>forward</c>.</summary>
    protected void ThrowIfBackwardFailed() => BackwardGuard.ThrowIfFaulted();

    /// <summary>
    /// What a call makes of <paramref name="input"/>, always in a tensor of its own, and nothing else the call made: a quantizer that
    /// leaves something as it is may return the very tensor it was given, which is not ours to dispose.
    /// </summary>
    internal Tensor Quantize(Tensor input)
    {
        using var scope = NewDisposeScope();
        var quantized = call(input);
        return (ReferenceEquals(quantized, input) ? input.alias() : quantized).MoveToOuterDisposeScope();
    }

    /// <summary>The quantizer is on its own again.</summary>
    internal void LeaveModel() => _modelsGuard = null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ownGuard.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Refuses a class that <c>Module.to</c> would fail on.</summary>
    /// <exception cref="ArgumentException">Two public properties of the class have one name.</exception>
    internal void RequireDistinctProperties()
    {
        if (GetType().GetProperties().GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"The quantizer {GetType().Name} has two public properties '{twice.Key}', one hidden by the other: TorchSharp moves "
                + "a module's properties by name. "
                + "Give the new one another name, or override it with the same type.");
        }
    }
}
