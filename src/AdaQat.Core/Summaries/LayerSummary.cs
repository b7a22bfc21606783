namespace AdaQat.Summaries;

/// <summary>One row of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The layer's name in the model.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Shape">The shape of its weight.</param>
/// <param name="WeightBits">The width of its weight; 32 where it is left in float.</param>
/// <param name="ActivationBits">The width of its input; 32 where it is left in float.</param>
/// <param name="Widths">How the widths came about: learned, frozen or fixed, for weight and input.</param>
/// <param name="Rule">The name of the rule that applies, or null where the scheme's own choices hold.</param>
/// <param name="Macs">Multiply-accumulate operations for one sample.</param>
/// <param name="BitOps">Macs · weight bits · activation bits.</param>
/// <param name="WeightBytes">The size of its weight at that width, in bytes, codes packed.</param>
/// <param name="Weights">What its quantizer says of how the weight is quantized, or null.</param>
/// <param name="Inputs">What its quantizer says of how the input is quantized, or null.</param>
internal sealed record LayerSummary(
    string Name, string Kind, string Shape, int WeightBits, int ActivationBits, string Widths, string? Rule, long Macs, double BitOps,
    double WeightBytes, string? Weights = null, string? Inputs = null)
{
    /// <summary>A row at the bits in force.</summary>
    public static LayerSummary Of(
        LayerProfile layer, string kind, IEnumerable<long> shape, string? rule, string? weights, string? inputs)
    {
        var row = Of(
            layer.Name, kind, shape, layer.WeightCount, layer.Macs, (layer.WeightBits.Bits, layer.ActivationBits.Bits),
            $"{State(layer.WeightBits)}/{State(layer.ActivationBits)}", rule);
        return row with { Weights = weights, Inputs = inputs };
    }

    /// <summary>A row of a layer that is left in float.</summary>
    public static LayerSummary InFloat(
        string name, string kind, IEnumerable<long> shape, long weightCount, long macs, string reason, string? rule) => Of(
        name, kind, shape, weightCount, macs, (BitWidth.FloatBits, BitWidth.FloatBits), $"float: {reason}", rule);

    private static LayerSummary Of(
        string name, string kind, IEnumerable<long> shape, long weightCount, long macs, (int Weights, int Activations) bits,
        string widths, string? rule) => new(
        name, kind, string.Join("x", shape), bits.Weights, bits.Activations, widths, rule, macs,
        (double)macs * bits.Weights * bits.Activations, weightCount * bits.Weights / 8.0);

    private static string State(BitWidth width) => (width.IsLearned, width.IsFrozen) switch
    {
        _ when width.IsUnquantized => "float",
        (false, _) => "fixed",
        (true, true) => "frozen",
        _ => "learning",
    };
}
