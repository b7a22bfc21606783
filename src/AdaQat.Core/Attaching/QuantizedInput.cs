using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>
/// A quantized input, which is disposed when the last of those who hold it lets go, in whatever threads they are.
/// </summary>
/// <remarks>
/// It knows its tensor weakly. For the time of a layer's call TorchSharp holds that, so one that is disposed or collected tells that the
/// call is over, even where it threw and no hook was run.
/// </remarks>
internal sealed class QuantizedInput(SharedInput owner, Tensor source, Tensor values, bool withGradient)
{
    private readonly WeakReference<Tensor> _values = new(values);
    private int _holds = 1;
    private int _reads = 1;

    /// <summary>How many layers have read it.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Whether no layer can compute with it any more.</summary>
    public bool IsGone => !_values.TryGetTarget(out var tensor) || tensor.IsInvalid;

    /// <summary>Whether it was made of <paramref name="input"/>, under the same gradient mode.</summary>
    public bool IsOf(Tensor input) => ReferenceEquals(source, input) && withGradient == is_grad_enabled();

    /// <summary>Holds it once more, unless all have let go already.</summary>
    public bool TryHold()
    {
        for (var holds = Volatile.Read(ref _holds); holds > 0; holds = Volatile.Read(ref _holds))
        {
            if (Interlocked.CompareExchange(ref _holds, holds + 1, holds) == holds)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One more layer reads it.</summary>
    public void CountRead() => Interlocked.Increment(ref _reads);

    /// <summary>A layer that has read it is done.</summary>
    public void Release() => owner.Release(this);

    /// <summary>Ends one hold.</summary>
    public void LetGo()
    {
        if (Interlocked.Decrement(ref _holds) == 0 && _values.TryGetTarget(out var tensor))
        {
            tensor.Dispose();
        }
    }
}
