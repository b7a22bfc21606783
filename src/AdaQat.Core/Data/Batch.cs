using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>A mini-batch of a model with one input and one target, disposed by whoever enumerated it.</summary>
/// <param name="Input">What the model takes; the first dimension counts the samples.</param>
/// <param name="Target">What the loss compares with.</param>
public sealed record Batch(Tensor Input, Tensor Target) : IDisposable
{
    /// <summary>How many samples it has.</summary>
    public long Size => Input.shape[0];

    /// <summary>Disposes both tensors.</summary>
    public void Dispose()
    {
        Input.Dispose();
        Target.Dispose();
    }
}
