using static TorchSharp.torch;

namespace AdaQat.Sensitivity;

/// <summary>Forwards of the model on one batch, in eval mode and without gradient.</summary>
internal interface IBatchForward : IDisposable
{
    /// <summary>What the model makes of the batch in float; this object's to dispose.</summary>
    Tensor Output { get; }

    /// <summary>How many nodes the graph has; 0 where forwards are whole.</summary>
    int NodeCount { get; }

    /// <summary>What it makes of the batch with one weight or input quantized.</summary>
    /// <param name="target">Which.</param>
    /// <param name="quantize">Quantizes it: a new tensor.</param>
    /// <returns>The output, the caller's to dispose, and how many nodes of the graph were computed.</returns>
    (Tensor Output, int Computed) Changed(SensitivityTarget target, Func<Tensor, Tensor> quantize);
}
