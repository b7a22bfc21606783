using AdaQat.Isolation;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// Notices what is easily forgotten in a training loop of one's own, from the model's forwards and a sample of its weights: a step of the
/// widths left out or made too late, eval mode, a loss of another model, <c>forward()</c> in place of <c>call()</c>.
/// </summary>
internal sealed class LoopWatch(QuantizedModel model) : IDisposable
{
    private const string Step = nameof(BitWidthOptimizer.Step);

    private readonly HashSet<string> _told = [];
    private readonly StillParameters _still = new(model);
    private WeightSample? _atForward;
    private bool _layerRan;
    private bool _inEvalMode;
    private bool _ranInFloat;

    /// <summary>Whether forwards are looked at: not before there is an optimizer of widths, nor once no width is left to learn.</summary>
    public bool IsActive { get; set; }

    /// <summary>A forward of the whole model begins.</summary>
    public void Begin(bool isTraining, bool isQuantizing)
    {
        if (!IsActive || !is_grad_enabled())
        {
            return;
        }

        if (!isQuantizing)
        {
            // A comparison beside a step, or training that is not of the widths: there is no step to be missed.
            _ranInFloat = true;
            return;
        }

        var now = WeightSample.Of(model);
        if (_atForward is { } before && !before.IsSameAs(now))
        {
            WarnOnce(
                Step,
                $"The weights have moved between two forwards and no {Step} was made: the bit-widths learn from every training step, "
                + $"so {Step} belongs in each one, after backward() and before the step of the weights' optimizer.");
        }

        Forget();
        (_atForward, _inEvalMode) = (now, !isTraining);
        WarnOfDevice(model.Layers[0].Attached.LatentWeight.device_type);
    }

    /// <summary>A layer has quantized something with gradient.</summary>
    public void LayerRan() => _layerRan |= is_grad_enabled();

    /// <summary>Looks back from the step at the forwards before it.</summary>
    /// <exception cref="InvalidOperationException">Differences of the loss would mean nothing.</exception>
    public void RequireForward()
    {
        if (!IsActive)
        {
            _still.Dispose();
            return;
        }

        if (!_layerRan)
        {
            throw new InvalidOperationException(_ranInFloat
                ? $"The loss is of a forward in float: end what InFloat() returned before the forward that {Step} is to learn from."
                : $"No quantized layer has computed with gradient since the last {Step}: the loss is not of a forward of this model, "
                + "or of one that was stepped already.");
        }

        if (_atForward is null)
        {
            WarnOnce(
                "forward",
                "The model was run through forward(), past its hooks, or only in part: call model.call(x), so that probes repeat dropout "
                + "masks and widths can be estimated from the backward pass.");
            return;
        }

        using var now = WeightSample.Of(model);
        if (!_atForward.IsSameAs(now))
        {
            throw new InvalidOperationException(
                $"The weights have moved since the forward that the loss comes from: make {Step} before the step of the weights' "
                + "optimizer, so that all losses are of the same weights.");
        }

        if (_still.Look())
        {
            WarnOnce(
                "optimizer",
                "The weights move and the quantizers' parameters, PACT's α among them, stand still: make the weights' optimizer after "
                + "attaching, of quantized.Parameters().");
        }

        if (_inEvalMode)
        {
            WarnOnce(
                "eval",
                "The model is in eval mode while its bit-widths learn: batch normalisation keeps its statistics, dropout is off, and "
                + "ranges start from Calibrate alone. Call model.train() first, unless that is what you want.");
        }
    }

    /// <summary>The step is over.</summary>
    public void Forget()
    {
        _atForward?.Dispose();
        (_atForward, _layerRan, _inEvalMode, _ranInFloat) = (null, false, false, false);
    }

    public void Dispose() => Clear();

    /// <summary>The model is detached.</summary>
    public void Clear()
    {
        Forget();
        _still.Dispose();
    }

    private void WarnOfDevice(DeviceType device)
    {
        if (!ModelRandom.CanRepeatOn(device))
        {
            WarnOnce(
                "device",
                $"The model is on {device}, whose random numbers cannot be repeated: probes draw dropout masks of their own there, which "
                + "counts as an effect of bits. Leave dropout out while bit-widths learn.");
        }
    }

    /// <summary>A loop that makes a mistake makes it in every step.</summary>
    private void WarnOnce(string subject, string message)
    {
        if (_told.Add(subject))
        {
            model.Warn(new QuantizationWarning(subject, message));
        }
    }
}
