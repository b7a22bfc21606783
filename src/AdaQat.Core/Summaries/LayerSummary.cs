namespace AdaQat;

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
public sealed record LayerSummary(
    string Name, string Kind, string Shape, int WeightBits, int ActivationBits, string Widths, string? Rule, long Macs, double BitOps,
        double WeightBytes);
