namespace AdaQat;

/// <summary>Tells what a quantized model is made of.</summary>
public static class Summarizing
{
    /// <summary>A table of the layers: shapes, widths, MACs, BitOPs and sizes.</summary>
    /// <param name="quantized">The handle from attaching.</param>
    public static ModelSummary Summary(this QuantizedModel quantized)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        quantized.Settle();
        var layers = quantized.Layers.Select(l => new LayerSummary(
            l.Name, l.Kind, Shape(l.WeightShape), l.WeightBits.Bits, l.ActivationBits.Bits,
            $"{State(l.WeightBits)}/{State(l.ActivationBits)}", l.Rule, l.Profile.Macs,
            (double)l.Profile.Macs * l.WeightBits.Bits * l.ActivationBits.Bits, l.Profile.WeightCount * l.WeightBits.Bits / 8.0));
        var left = quantized.FloatLayers.Select(l => new LayerSummary(
            l.Name, l.Kind, Shape(l.WeightShape), ModelSummary.FloatBits, ModelSummary.FloatBits, $"float: {l.Reason}", l.Rule,
                l.Profile?.Macs ?? 0,
            (double)(l.Profile?.Macs ?? 0) * ModelSummary.FloatBits * ModelSummary.FloatBits,
                l.ParameterCount * ModelSummary.FloatBits / 8.0));
        return new ModelSummary([.. layers, .. left], quantized.Warnings);
    }

    private static string Shape(IEnumerable<long> shape) => string.Join("x", shape);

    private static string State(BitWidth width) => (width.IsLearned, width.IsFrozen) switch
    {
        _ when width.IsUnquantized => "float",
        (false, _) => "fixed",
        (true, true) => "frozen",
        _ => "learning",
    };
}
