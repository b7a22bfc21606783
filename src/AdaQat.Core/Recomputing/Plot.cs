using static TorchSharp.torch;

namespace AdaQat.Recomputing;

/// <summary>A piece of memory, and whose quantized input it holds.</summary>
internal sealed class Plot(Tensor like) : IDisposable
{
    private readonly Tensor _flat = empty(like.numel(), dtype: like.dtype).DetachFromDisposeScope();

    public long Elements => _flat.numel();

    /// <summary>The layer's call whose input was written last.</summary>
    public Loan? Holder { get; set; }

    /// <summary>Whether as many elements as it has, one after the other, hold <paramref name="input"/> in its own layout.</summary>
    public static bool CanHold(Tensor input) =>
        1 + input.shape.Zip(input.stride(), (size, stride) => (size - 1) * stride).Sum() == input.numel();

    /// <summary>This memory as a tensor that autograd does not take for a view.</summary>
    public Tensor LaidOutAs(long[] shape, long[] strides)
    {
        using var guard = no_grad();
        using var view = _flat.as_strided(shape, strides);
        return view.detach();
    }

    public void Dispose() => _flat.Dispose();
}
