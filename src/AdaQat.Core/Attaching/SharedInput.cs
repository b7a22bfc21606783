using AdaQat.Calibration;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>An input tensor that one or more layers read, quantized once for all of them.</summary>
internal sealed class SharedInput(Quantizer quantizer, int readers) : IObservedInput
{
    private Shared? _shared;
    private Tensor? _observed;

    public Quantizer Quantizer => quantizer;

    /// <summary>Where not null, layers compute in float, and this is shown what they read.</summary>
    public Action<Tensor>? InputObserver { get; set; }

    /// <summary>Whether layers compute in float and only look on.</summary>
    public bool IsObserved => InputObserver is not null;

    /// <summary>Shows the input to the observer, once for all its readers.</summary>
    public void Observe(Tensor input)
    {
        if (!ReferenceEquals(_observed, input))
        {
            InputObserver!(input);
            _observed = input;
        }
    }

    /// <summary>The quantized input, and who holds it: to be released when the layer is done.</summary>
    /// <param name="input">What the layer reads.</param>
    /// <param name="state">What the model's layers have in common.</param>
    /// <param name="trains">Whether the forward is one of training.</param>
    /// <param name="learns">Whether widths are learned from it.</param>
    public (QuantizedInput Hold, Tensor Values) Read(Tensor input, AttachmentState state, bool trains, bool learns)
    {
        if (Volatile.Read(ref _shared) is { } shared && shared.Hold.IsOf(input) && shared.Hold.TryHold())
        {
            shared.Hold.CountRead();
            return (shared.Hold, shared.Values);
        }

        Forget();
        var quantized = quantizer.Quantize(input);
        if (trains)
        {
            state.Ranges.See(this, input, quantized);
        }

        if (learns && state.Observer is { } observer)
        {
            quantized = observer.Watch(quantized, input, quantizer, samples: null);
        }

        var hold = new QuantizedInput(this, input, quantized, is_grad_enabled());
        if (readers > 1)
        {
            // Several readers may sit in dispose scopes of their own, the first of which must not take the tensor along.
            quantized.DetachFromDisposeScope();
            hold.TryHold();
            Interlocked.Exchange(ref _shared, new Shared(hold, quantized))?.Hold.LetGo();
        }

        return (hold, quantized);
    }

    /// <summary>Disposes the tensor once its last reader is done; what the graph needs of it, the graph holds.</summary>
    public void Release(QuantizedInput hold)
    {
        if (hold.Reads == readers && Volatile.Read(ref _shared) is { } shared && ReferenceEquals(shared.Hold, hold)
            && ReferenceEquals(Interlocked.CompareExchange(ref _shared, null, shared), shared))
        {
            hold.LetGo();
        }

        hold.LetGo();
    }

    /// <summary>Ends sharing at the end of a forward, and after one that threw.</summary>
    public void Forget()
    {
        Interlocked.Exchange(ref _shared, null)?.Hold.LetGo();
        _observed = null;
    }

    /// <summary>What the next reader of the same tensor gets.</summary>
    private sealed record Shared(QuantizedInput Hold, Tensor Values);
}
