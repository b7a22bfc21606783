using AdaQat.Calibration;
using AdaQat.Isolation;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Corrections;

/// <summary>The data that corrections look at: checked before anything is done with them.</summary>
internal static class CorrectionData
{
    /// <summary>Forwards on all batches.</summary>
    /// <exception cref="ArgumentException">There are none, or one is empty or not finite; the message says which.</exception>
    /// <exception cref="InvalidOperationException">The model takes something else than one tensor.</exception>
    public static Action Forwards(nn.Module model, IReadOnlyList<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
        {
            throw new ArgumentException("There are no batches; at least one is needed.", nameof(batches));
        }

        foreach (var (place, batch) in batches.Index())
        {
            CalibrationBatches.Require(batch, place, nameof(batches));
        }

        var takesTensor = model as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException(
            $"{model.GetName()} takes something else than one tensor: give an action that calls it once for each batch, and its graph.");
        return () =>
        {
            foreach (var (place, batch) in batches.Index())
            {
                CalibrationBatches.Run(takesTensor, batch, place, nameof(batches));
            }
        };
    }

    /// <summary>A sample or two of the first batch, for a capture.</summary>
    public static Tensor Example(IReadOnlyList<Tensor> batches) =>
        batches[0].dim() > 0 && batches[0].shape[0] > 2 ? batches[0].narrow(0, 0, 2) : batches[0].alias();

    /// <summary>Runs forwards in eval mode without gradient and without a trace.</summary>
    public static void Run(nn.Module model, Action forwards)
    {
        using var guard = no_grad();
        using var mode = new EvaluationMode(model);
        using var isolation = new ForwardIsolation(model);
        forwards();
    }
}
