using System.Globalization;
using System.Text;
using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>What <see cref="Equivalence.CheckOnnx"/> found. The reference is the integer network.</summary>
/// <param name="Layers">By quantizer, in the graph's order, for the first images.</param>
/// <param name="LayerImages">How many images those are of.</param>
/// <param name="Images">How many images were computed from end to end.</param>
/// <param name="TopOneDifferent">For how many the largest output is another one than the integer network's.</param>
/// <param name="LargestDifference">How far an output is from the integer network's at most.</param>
public sealed record OnnxEquivalenceReport(
    EquatableList<OnnxLayerEquivalence> Layers, long LayerImages, long Images, long TopOneDifferent, double LargestDifference)
{
    /// <summary>Codes that differ, of all layers.</summary>
    public long CodesDifferent => Layers.Sum(layer => layer.Different);

    /// <summary>Codes that were compared, of all layers.</summary>
    public long Codes => Layers.Sum(layer => layer.Codes);

    /// <summary>Codes that differ though their number is not next to a threshold, or by more than one; none if all is well.</summary>
    public long Unexplained => Layers.Sum(layer => layer.Unexplained);

    /// <summary>A table of layers, and the outputs below it.</summary>
    /// <returns>Lines of text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        var width = Math.Max(9, Layers.Count == 0 ? 0 : Layers.Max(layer => layer.Quantizer.Length));
        text.AppendLine(CultureInfo.InvariantCulture, $"{"quantizer".PadRight(width)}       codes  differ  farthest  unexplained");
        foreach (var layer in Layers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{layer.Quantizer.PadRight(width)} {layer.Codes,11} {layer.Different,7} "
                + $"{layer.LargestDistance,9:G2} {layer.Unexplained,12}");
        }

        return text.Append(CultureInfo.InvariantCulture,
            $"outputs of {Images} images: {TopOneDifferent} with another largest one, at most {LargestDifference:G3} apart").ToString();
    }
}
