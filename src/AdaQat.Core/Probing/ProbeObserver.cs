using AdaQat.Attaching;
using AdaQat.Quantization;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// What learning widths needs of a model's forwards: the random states they began with, and in steps that estimate the gradients they lead
/// to.
/// </summary>
internal sealed class ProbeObserver : IForwardObserver
{
    private ProbeObserver(QuantizedModel model) => Estimates = new GradientEstimates(model.BackwardGuard);

    /// <summary>The random states at which training forwards began, for probes to repeat.</summary>
    public ForwardRecord Forwards { get; } = new();

    /// <summary>What the backward pass shows of each width.</summary>
    public GradientEstimates Estimates { get; }

    /// <summary>The model's, which all optimizers of its widths share.</summary>
    public static ProbeObserver Of(QuantizedModel model)
    {
        if (model.Observer is not ProbeObserver observer)
        {
            model.Observer = observer = new ProbeObserver(model);
        }

        return observer;
    }

    public void Begin(bool isTraining)
    {
        Forwards.Begin(isTraining);
        Estimates.Begin(isTraining);
    }

    public void End() => Estimates.End();

    public Tensor Watch(Tensor quantized, Tensor source, Quantizer quantizer, long? samples) =>
        Estimates.Watch(quantized, source, quantizer, samples);

    public void Clear()
    {
        Forwards.Clear();
        Estimates.Clear();
    }
}
