using AdaQat.Attaching;
using AdaQat.Quantization;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// What learning widths needs of a model's forwards: the random states they began with, in steps that estimate the gradients they lead
/// to, and whether the loop around them is right.
/// </summary>
internal sealed class ProbeObserver : IForwardObserver
{
    private ProbeObserver(QuantizedModel model)
    {
        Estimates = new GradientEstimates(model);
        Forwards = new ForwardRecord(model.Random);
        Loop = new LoopWatch(model);
    }

    /// <summary>The random states at which training forwards began, for probes to repeat.</summary>
    public ForwardRecord Forwards { get; }

    /// <summary>What the backward pass shows of each width.</summary>
    public GradientEstimates Estimates { get; }

    /// <summary>What a training loop may have forgotten.</summary>
    public LoopWatch Loop { get; }

    /// <summary>The model's, which all optimizers of its widths share.</summary>
    public static ProbeObserver Of(QuantizedModel model)
    {
        if (model.Observer is not ProbeObserver observer)
        {
            model.Observer = observer = new ProbeObserver(model);
        }

        return observer;
    }

    public void Begin(bool isTraining, bool isQuantizing, bool isLearnedFrom)
    {
        var withGradient = isTraining && is_grad_enabled();
        Forwards.Begin(withGradient);
        if (Forwards.IsProbing || !isLearnedFrom)
        {
            return;
        }

        Estimates.Begin(withGradient);
        Loop.Begin(isTraining, isQuantizing);
    }

    public void BeginWhole(bool isTraining) => Forwards.Begin(isTraining && is_grad_enabled());

    public void End() => Estimates.End();

    public Tensor Watch(Tensor quantized, Tensor source, Quantizer quantizer, long? samples)
    {
        Loop.LayerRan();
        return Estimates.Watch(quantized, source, quantizer, samples);
    }

    public void Clear()
    {
        Forwards.Clear();
        Estimates.Clear();
        Loop.Clear();
    }

    /// <summary>Forgets a step that is over.</summary>
    public void EndStep()
    {
        Forwards.Clear();
        Estimates.Clear();
        Loop.Forget();
    }
}
