using System.Globalization;
using System.Text;
using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>What <see cref="Equivalence"/> found. The reference is the quantized network in float64.</summary>
/// <param name="Layers">By quantizer, in the graph's order, for the first images.</param>
/// <param name="LayerImages">How many images those are of.</param>
/// <param name="Images">How many images were computed from end to end.</param>
/// <param name="TopOneDifferent">For how many the largest output is another one than the reference's.</param>
/// <param name="LargestDifference">How far an output is from the reference's at most.</param>
/// <param name="TopOneDifferentInFloat32">The same for the quantized network computed in float32.</param>
/// <param name="LargestDifferenceInFloat32">The same for the quantized network computed in float32.</param>
public sealed record EquivalenceReport(
    EquatableList<LayerEquivalence> Layers, long LayerImages, long Images, long TopOneDifferent, double LargestDifference,
    long TopOneDifferentInFloat32, double LargestDifferenceInFloat32)
{
    /// <summary>Codes that differ, of all layers.</summary>
    public long CodesDifferent => Layers.Sum(layer => layer.Different);

    /// <summary>Codes that were compared, of all layers.</summary>
    public long Codes => Layers.Sum(layer => layer.Codes);

    /// <summary>A table of layers, and the outputs below it.</summary>
    /// <returns>Lines of text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        var width = Math.Max(9, Layers.Count == 0 ? 0 : Layers.Max(layer => layer.Quantizer.Length));
        text.AppendLine(CultureInfo.InvariantCulture, $"{"quantizer".PadRight(width)}       codes  differ  farthest  float32 differs");
        foreach (var layer in Layers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{layer.Quantizer.PadRight(width)} {layer.Codes,11} {layer.Different,7} "
                + $"{layer.LargestDistance,9:G2} {layer.DifferentInFloat32,16}");
        }

        text.AppendLine(CultureInfo.InvariantCulture,
            $"outputs of {Images} images: {TopOneDifferent} with another largest one, at most {LargestDifference:G3} apart");
        return text.Append(CultureInfo.InvariantCulture, $"in float32: {TopOneDifferentInFloat32}, at most {LargestDifferenceInFloat32:G3}")
            .ToString();
    }
}
