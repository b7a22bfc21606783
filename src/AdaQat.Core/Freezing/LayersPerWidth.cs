namespace AdaQat.Freezing;

/// <summary>How many of the learned layers a width serves.</summary>
internal static class LayersPerWidth
{
    /// <summary>
    /// K/k: the K layers whose weight (or input) is learned, over the k of them that share this width. The gradient of a width that serves
    /// few layers is as much smaller as they are fewer; with this factor it moves as one for all would on average.
    /// </summary>
    public static double ScaleOf(BitWidth width, IReadOnlyList<LayerProfile> layers)
    {
        var isWeight = ServesWeights(width, layers);
        var ofItsKind = layers.Select(l => isWeight ? l.WeightBits : l.ActivationBits).Where(w => w.IsLearned).ToList();
        return (double)ofItsKind.Count / ofItsKind.Count(w => ReferenceEquals(w, width));
    }

    /// <summary>Whether the width is of weights; else it is of activations.</summary>
    public static bool ServesWeights(BitWidth width, IReadOnlyList<LayerProfile> layers) =>
        layers.Any(l => ReferenceEquals(l.WeightBits, width));
}
