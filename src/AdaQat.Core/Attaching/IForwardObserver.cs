using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>Sees the forwards of an attached model: what learns bit-widths needs to know of them.</summary>
internal interface IForwardObserver
{
    /// <summary>A forward of the model begins.</summary>
    /// <param name="isTraining">Whether the model is in training mode.</param>
    /// <param name="isQuantizing">Whether it computes with quantized values.</param>
    /// <param name="isLearnedFrom">Whether it may be one of a training loop: not one of a probe or a calibration.</param>
    void Begin(bool isTraining, bool isQuantizing, bool isLearnedFrom);

    /// <summary>A forward of a model begins that the attached one is a part of.</summary>
    /// <param name="isTraining">Whether that is in training mode.</param>
    void BeginWhole(bool isTraining);

    /// <summary>A forward of the model is over.</summary>
    void End();

    /// <summary>The tensor to compute with in place of <paramref name="quantized"/>: that itself where nothing is to be seen.</summary>
    /// <param name="quantized">What the quantizer made; the observer's from now on.</param>
    /// <param name="source">What it was made of.</param>
    /// <param name="quantizer">The quantizer.</param>
    /// <param name="samples">For a weight: the samples in the batch. Null for an input.</param>
    Tensor Watch(Tensor quantized, Tensor source, Quantizer quantizer, long? samples);

    /// <summary>Forgets what was seen: the model is detached.</summary>
    void Clear();
}
