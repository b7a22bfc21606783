using System.Globalization;
using AdaQat.Reports.Pages;

namespace AdaQat.Reports.Bits;

/// <summary>The part of a page that shows the bits in force.</summary>
internal static class ModelSection
{
    public static PageSection Of(QuantizedModel quantized)
    {
        var summary = quantized.Summary();
        var layers = quantized.Layers;
        return new BitsSection(
            "Bits of the layers",
            "A column is a layer, in the order of the calls; the stronger its colour, the more bit operations it takes. Choose one.",
            [
                new("Bit operations", summary.BitOps),
                new("Weights [bytes]", summary.WeightBytes),
                new("Bits of a weight, on average", 8 * summary.WeightBytes / (summary.FloatWeightBytes / (ModelSummary.FloatBits / 8))),
            ],
            [
                .. layers.Select(l => Column(l, QuantizerTarget.Weight, l.WeightBits)),
                .. layers.Select(l => Column(l, QuantizerTarget.Activation, l.ActivationBits)),
            ],
            null).On("bits");
    }

    private static BitsColumn Column(QuantizedLayer layer, QuantizerTarget target, BitWidth width)
    {
        var operations = (double)layer.Profile.Macs * layer.WeightBits.Bits * layer.ActivationBits.Bits;
        var how = width.IsUnquantized ? "in float" : width.IsFrozen && width.IsLearned ? "learned" : width.IsLearned ? "learning" : "fixed";
        return new BitsColumn(
            layer.Name, BitsColumn.NameOf(target), width.Bits, operations, string.Create(
                CultureInfo.InvariantCulture,
                $"{layer.Name}, {BitsColumn.NameOf(target)}: {width.Bits} bits, {how}; {operations / 1e6:0.##} M bit operations"));
    }
}
