using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Grids that no form of ONNX has for values that are computed.</summary>
internal static class GridChecks
{
    public static void NoGroups(OperatorScope n, QuantizeOperator grid)
    {
        if (grid.GroupSize is { } size)
        {
            throw n.Refused($"its grid has a scale for each group of {size} elements; ONNX has one for the tensor, or for each channel. "
                + "Allowed are those for what is computed, and groups for weights.");
        }

        if (grid.Scales.Any(scale => (float)scale == 0))
        {
            throw n.Refused("a scale of its grid is 0 in 32 bits, by which ONNX divides; allowed are scales above 0.");
        }
    }
}
