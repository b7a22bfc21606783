namespace AdaQat.Export;

/// <summary>What <see cref="OnnxExport"/> has written.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="Opset">The version of the operators in it.</param>
/// <param name="TakesAnyBatch">Whether the first axis of the inputs may have any size.</param>
/// <param name="Bytes">How many bytes the file has, with the one of separate weights if there is one.</param>
/// <param name="Notes">What whoever runs the file should know, a sentence each, with the layer's name; mostly none.</param>
public sealed record OnnxFile(string Path, int Opset, bool TakesAnyBatch, long Bytes, IReadOnlyList<string> Notes)
{
    /// <summary>
    /// The layers that are computed in bytes with what follows them, in the graph's order, and how exactly; none but in
    /// <see cref="OnnxForm.Fusable"/>.
    /// </summary>
    public IReadOnlyList<OnnxFusedLayer> FusedLayers { get; init; } = [];

    /// <summary>
    /// The outputs that have quantizers' codes, by the quantizer's node; none without <see cref="OnnxOptions.CodeOutputs"/>.
    /// </summary>
    internal IReadOnlyDictionary<string, CodeOutput> Codes { get; init; } = new Dictionary<string, CodeOutput>();
}
