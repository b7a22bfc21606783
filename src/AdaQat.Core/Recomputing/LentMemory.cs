using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Recomputing;

/// <summary>Memory for one quantized input at a time, of whichever layer computes just now; it grows to the largest.</summary>
/// <remarks>
/// A layer's operation saves its input for the backward pass, and what it saves lies here, where the next layer writes as well. Before
/// the backward pass comes to the operation, <see cref="RestoreFunction"/> writes its input anew. On one thread libtorch takes nodes that are
/// ready by the order in which the forward made them, last first; those of one layer's call follow each other, so that no other layer's
/// can come in between. <see cref="LentFunction"/> makes sure of that.
/// </remarks>
internal sealed class LentMemory(GradientHandover handover) : IDisposable
{
    // For a small input the further node in the graph costs more than the memory is worth.
    private const long UsualSmallestInput = 1 << 16;

    private readonly Dictionary<ScalarType, Plot> _plots = [];

    // Too small by now, but graphs may still need them.
    private readonly List<Plot> _outgrown = [];
    private ExceptionDispatchInfo? _fault;
    private int _open;
    private int _openedInForward;

    /// <summary>Inputs of fewer elements are quantized into memory of their own.</summary>
    public long SmallestInput { get; set; } = UsualSmallestInput;

    public GradientHandover Handover => handover;

    /// <summary>Quantizes into this memory; null where input or quantizer are not made for it.</summary>
    public Loan? Lend(ActivationQuantizer quantizer, Tensor input)
    {
        if (quantizer is not IRecomputingQuantizer recomputing || input.device_type != DeviceType.CPU || input.numel() < SmallestInput
            || !Plot.CanHold(input) || recomputing.Recomputation(input) is not { } recomputation)
        {
            return null;
        }

        if (!_plots.TryGetValue(input.dtype, out var plot) || plot.Elements < input.numel())
        {
            if (plot is not null)
            {
                _outgrown.Add(plot);
            }

            _plots[input.dtype] = plot = new Plot(input);
        }

        var loan = new Loan(this, plot, recomputation, input);
        if (is_grad_enabled())
        {
            _open++;
            _openedInForward++;
        }

        return loan;
    }

    /// <summary>To be called before the model's forward. The graph of one that an exception has ended will see no backward pass.</summary>
    public void BeginForward()
    {
        ThrowIfFaulted();
        GiveUpInterrupted();
        GiveOutgrownBack();
    }

    /// <summary>To be called when the model's forward is done.</summary>
    public void EndForward()
    {
        _openedInForward = 0;
        GiveOutgrownBack();
    }

    /// <summary>The backward pass has come to a loan's layer.</summary>
    public void Close() => _open--;

    /// <summary>Keeps what went wrong in a backward pass, which an exception must not pass through.</summary>
    public void Report(Exception fault) => _fault ??= ExceptionDispatchInfo.Capture(fault);

    /// <summary>Disposes the memory, or leaves it to the garbage collector where a graph may still need it: one that no backward pass has come to.</summary>
    public void Dispose()
    {
        GiveUpInterrupted();
        _outgrown.AddRange(_plots.Values);
        _plots.Clear();
        GiveOutgrownBack();
        _outgrown.Clear();
    }

    private void GiveOutgrownBack()
    {
        if (_open <= 0)
        {
            _outgrown.ForEach(plot => plot.Dispose());
            _outgrown.Clear();
        }
    }

    private void GiveUpInterrupted()
    {
        _open -= _openedInForward;
        _openedInForward = 0;
    }

    private void ThrowIfFaulted()
    {
        var fault = _fault;
        _fault = null;
        fault?.Throw();
    }
}
