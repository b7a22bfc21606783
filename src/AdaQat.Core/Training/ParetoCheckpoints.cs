using AdaQat.Checkpoints;
using AdaQat.Costs;

namespace AdaQat.Training;

/// <summary>Offers each epoch's checkpoint of a run to the front in a folder.</summary>
internal sealed class ParetoCheckpoints(ParetoFolder folder, QuantizedModel quantized, IHardwareCost cost)
{
    /// <summary>Whether the checkpoint after <paramref name="epoch"/> is in the front.</summary>
    public bool Has(int epoch) => folder.Has(epoch);

    /// <summary>Keeps the checkpoint of a state if none there beats it in both accuracy and cost.</summary>
    public void Offer(TrainingState state, Evaluation test)
    {
        var layers = quantized.Profiles;
        var point = new ParetoPoint(
            state.Progress.Epoch,
            state.Progress.Step,
            test.Accuracy!.Value,
            cost.Total(layers),
            Mean(layers, l => l.WeightCount, l => l.WeightBits),
            Mean(layers, l => l.ActivationCount, l => l.ActivationBits),
            File: "");
        folder.Offer(point, path => Checkpoint.Save(path, state));
    }

    private static double Mean(IReadOnlyList<LayerProfile> layers, Func<LayerProfile, long> count, Func<LayerProfile, BitWidth> width) =>
        layers.Sum(l => (double)count(l) * width(l).Bits) / layers.Sum(count);
}
