using AdaQat.Calibration;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>An input tensor that one or more layers read, quantized once for all of them.</summary>
internal sealed class SharedInput(Quantizer quantizer, int readers) : IObservedInput
{
    private Tensor? _source;
    private Tensor? _quantized;
    private bool _withGradient;
    private int _reads;

    public Quantizer Quantizer => quantizer;

    /// <summary>Where not null, layers compute in float, and this is shown what they read.</summary>
    public Action<Tensor>? InputObserver { get; set; }

    /// <summary>Whether layers compute in float and only look on.</summary>
    public bool IsObserved => InputObserver is not null;

    /// <summary>Shows the input to the observer, once for all its readers.</summary>
    public void Observe(Tensor input)
    {
        if (!ReferenceEquals(_source, input))
        {
            InputObserver!(input);
            _source = input;
        }
    }

    /// <summary>
    /// The quantized input. Whoever called <see cref="Read"/> calls <see cref="Release"/> with it when the layer is done.
    /// </summary>
    public Tensor Read(Tensor input, AttachmentState state)
    {
        if (_quantized is not null && ReferenceEquals(_source, input) && _withGradient == is_grad_enabled())
        {
            _reads++;
            return _quantized;
        }

        Forget();
        var quantized = quantizer.Quantize(input);
        state.Ranges.See(this, input, quantized);
        quantized = state.Observer?.Watch(quantized, input, quantizer, samples: null) ?? quantized;
        if (readers > 1)
        {
            // Several readers may sit in dispose scopes of their own, the first of which must not take the tensor along.
            quantized.DetachFromDisposeScope();
            (_source, _quantized, _withGradient, _reads) = (input, quantized, is_grad_enabled(), 1);
        }

        return quantized;
    }

    /// <summary>Disposes the tensor once its last reader is done; what the graph needs of it, the graph holds.</summary>
    public void Release(Tensor quantized)
    {
        if (!ReferenceEquals(quantized, _quantized))
        {
            quantized.Dispose();
        }
        else if (_reads == readers)
        {
            Forget();
        }
    }

    /// <summary>Ends sharing at the end of a forward, and after one that threw.</summary>
    public void Forget()
    {
        _quantized?.Dispose();
        (_source, _quantized, _reads) = (null, null, 0);
    }
}
