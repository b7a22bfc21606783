using static TorchSharp.torch;

namespace AdaQat.Recomputing;

/// <summary>One layer's call with its quantized input in lent memory.</summary>
internal sealed class Loan(LentMemory memory, Plot plot, IRecomputation recomputation, Tensor input)
{
    private readonly long[] _shape = input.shape;

    private readonly long[] _strides = input.stride();

    private bool _isClosed;

    public IRecomputation Recomputation => recomputation;

    public GradientHandover Handover => memory.Handover;

    /// <summary>Whether the memory still holds this call's x̂.</summary>
    public bool IsIntact => ReferenceEquals(plot.Holder, this);

    /// <summary>x̂ of an input in this layout, written now.</summary>
    public Tensor Write(Tensor source)
    {
        plot.Holder = null;
        var result = plot.LaidOutAs(_shape, _strides);
        recomputation.Quantize(source, result);
        plot.Holder = this;
        return result;
    }

    /// <summary>The backward pass has come to the call, for the first time or again.</summary>
    public void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            memory.Close();
        }
    }

    /// <summary>Keeps what went wrong in the backward pass for the model's next forward, since an exception must not pass through libtorch.</summary>
    public void Fail(Exception fault)
    {
        memory.Report(fault);
        plot.Holder = null;
    }
}
