using AdaQat.Runtime;

namespace AdaQat.Tests.Support;

/// <summary>What a model's file may have beside packed codes, tables and graphs of islands.</summary>
internal static class FileBounds
{
    /// <summary>16 bytes a channel and reader of it, 128 a node, and 4 KB.</summary>
    public static long Most(IntegerModel model) => (16 * model.Nodes.Sum(Channels)) + (128 * model.Nodes.Count) + 4096;

    public static long Beside(IntegerModel model) =>
        model.Bytes.File - model.Bytes.WeightCodes - model.Bytes.Tables - model.Bytes.Islands;

    /// <summary>How many channels a node reads that it has numbers for.</summary>
    private static int Channels(IntegerNode node) => node switch
    {
        RequantizeNode { Rules: var each } => each.Count,
        RescaleNode { Rescales: var each } => each.Count,
        DequantizeNode each => each.Scales.Length,
        LinearNode { Weights: var weights } => weights.Offsets.Length,
        ConvolutionNode { Weights: var weights } => weights.Offsets.Length,
        TransposedConvolutionNode { Weights: var weights } => weights.Offsets.Length,
        _ => 0,
    };
}
