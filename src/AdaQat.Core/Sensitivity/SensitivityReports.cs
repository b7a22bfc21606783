namespace AdaQat.Sensitivity;

/// <summary>What follows from the sums of an analysis that is done.</summary>
internal static class SensitivityReports
{
    public static SensitivityReport Of(
        QuantizedModel model, IReadOnlyList<SensitivityTarget> targets, SensitivityState state, IReadOnlyList<string> notes)
    {
        var baseline = state.Baseline;
        double? accuracy = double.IsNaN(baseline.Correct) ? null : baseline.Correct / baseline.Samples;
        var loss = baseline.Loss / baseline.Samples;
        return new SensitivityReport
        {
            Model = model.Model.GetName(),
            Batches = state.Batches,
            Samples = baseline.Samples,
            Loss = loss,
            Accuracy = accuracy,
            Rows = [.. targets.Zip(state.Sums).SelectMany(t => t.First.Quantizers.Zip(
                t.Second, (quantizer, sums) => Row(t.First, quantizer.Bits, sums, baseline, loss, accuracy)))],
            Distributions = [.. targets.Select(t => t.Distribution).OfType<TensorDistribution>()],
            Layers = [.. model.Layers.Select(l => l.Profile)],
            Notes = notes,
            ComputedNodes = state.ComputedNodes,
            NodesOfWholeForwards = state.AllNodes,
            WholeForwards = state.WholeForwards,
            WholeForwardsReason = state.WholeReason,
        };
    }

    private static SensitivityRow Row(
        SensitivityTarget target, int bits, SensitivitySums sums, SensitivityBaseline baseline, double loss, double? accuracy)
    {
        double? right = accuracy is null ? null : sums.Correct / baseline.Samples;
        return new SensitivityRow(
            target.Name, target.Kind, bits, sums.Loss / baseline.Samples, (sums.Loss / baseline.Samples) - loss, right, right - accuracy,
            Decibels(sums.Signal, sums.Noise), Decibels(baseline.OutputSquares, sums.OutputError),
            Math.Sqrt(sums.OutputError / baseline.OutputElements));
    }

    /// <summary>Infinite without noise, also where there is no signal.</summary>
    private static double Decibels(double signal, double noise) =>
        noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);
}
