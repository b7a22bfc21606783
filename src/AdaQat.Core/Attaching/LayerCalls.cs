using AdaQat.Tracing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>
/// The calls of one layer that are under way, in all threads: for their time the layer's one field holds a quantized weight in place of the
/// latent one.
/// </summary>
internal sealed class LayerCalls(QuantizableLayer layer) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<LayerCall> _open = [];
    private Parameter? _lent;

    /// <summary>A call begins. What a call of this thread that threw has left open is ended.</summary>
    /// <param name="isAlone">Whether no other thread may be in the layer meanwhile.</param>
    /// <exception cref="InvalidOperationException">Another thread is in the layer, and one of the two is to be alone.</exception>
    public LayerCall Begin(bool isAlone)
    {
        lock (_lock)
        {
            Close(static call => call.IsOwn);
            if (_open.Count > 0 && (isAlone || _open.Exists(static call => call.IsAlone)))
            {
                RequireNoOther("with gradient, or to probe its bit-widths");
            }

            var begun = new LayerCall(isAlone);
            _open.Add(begun);
            return begun;
        }
    }

    /// <summary>Lets the call compute with <paramref name="quantized"/>, which is taken over.</summary>
    /// <exception cref="InvalidOperationException">Another thread computes with another weight.</exception>
    public void Lend(LayerCall call, Tensor quantized)
    {
        lock (_lock)
        {
            if (_lent is not null && IsSame(_lent, quantized))
            {
                quantized.Dispose();
            }
            else
            {
                try
                {
                    RequireNoOtherWeight();
                }
                catch
                {
                    quantized.Dispose();
                    throw;
                }

                _lent = new Parameter(quantized, quantized.requires_grad);
                // Others may compute with it when the scope that it was made in has ended.
                _lent.DetachFromDisposeScope();
                layer.Field = _lent;
            }

            call.HasWeight = true;
        }
    }

    /// <summary>This thread's call is over.</summary>
    public void End()
    {
        lock (_lock)
        {
            Close(static call => call.IsOwn);
        }
    }

    /// <summary>Ends what calls that threw have left open.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            Close(static call => call.IsOwn || call.IsOver);
        }
    }

    /// <summary>Leaves the layer with its latent weight, whoever is in it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            Close(static call => call.IsOwn || call.IsOver);
            _open.Clear();
            if (_lent is not null)
            {
                // Not disposed: another thread computes with it.
                layer.Field = layer.LatentWeight;
                _lent = null;
            }
        }
    }

    /// <summary>Whether two weights hold the same values: a call that comes second computes with the first one's.</summary>
    private static bool IsSame(Tensor lent, Tensor quantized)
    {
        using var scope = NewDisposeScope();
        return lent.dtype == quantized.dtype && lent.device_type == quantized.device_type && lent.device_index == quantized.device_index
            && lent.shape.AsSpan().SequenceEqual(quantized.shape)
            && lent.eq(quantized).all().item<bool>();
    }

    private void RequireNoOtherWeight()
    {
        if (_lent is not null)
        {
            RequireNoOther("while its weight changes");
        }
    }

    private void RequireNoOther(string how)
    {
        Close(static call => call.IsOver);
        if (Other() is not null)
        {
            // What a call that threw in another thread has left is known by its input, which nobody holds any more.
            GC.Collect();
            Close(static call => call.IsOver);
        }

        if (Other() is { } other)
        {
            throw new InvalidOperationException(
                $"Layer '{layer.Name}' is used by threads {other.ThreadId} and {Environment.CurrentManagedThreadId} at once {how}: an "
                + "attached model is trained by one thread at a time. Without gradient (torch.no_grad()) any number of threads may use "
                + "it.");
        }
    }

    private LayerCall? Other() => _open.Find(static call => !call.IsOwn);

    private void Close(Func<LayerCall, bool> isToClose)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (isToClose(_open[i]))
            {
                var call = _open[i];
                _open.RemoveAt(i);
                call.Input?.Release();
                if (call.HasWeight && !_open.Exists(static other => other.HasWeight))
                {
                    layer.Field = layer.LatentWeight;
                    _lent?.Dispose();
                    _lent = null;
                }
            }
        }
    }
}
