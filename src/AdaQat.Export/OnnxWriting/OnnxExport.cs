using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Writes graphs as ONNX files, which ONNX Runtime and many other programs run.</summary>
public static class OnnxExport
{
    private const long MostBytes = int.MaxValue;

    /// <summary>
    /// Writes a graph. Names of inputs, outputs, weights and nodes are the graph's, and so the model's; inputs and outputs are float32, but
    /// that numbers of an embedding's rows are int64.
    /// </summary>
    /// <param name="graph">
    /// What a model computes, from <c>ModelCapture.Graph(model, example)</c> or, with its quantizers, <c>quantized.Graph(example)</c>.
    /// </param>
    /// <param name="path">The file, which is replaced as a whole.</param>
    /// <param name="options">How; null for float32 in the lowest opset that does.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="OnnxExportException">
    /// A node can't be written that way, or the file would have 2 GB and more. The message names the node; no file is changed.
    /// </exception>
    /// <exception cref="ArgumentException">An option is outside what is allowed.</exception>
    /// <exception cref="IOException">
    /// The file can't be written; the message names it and says why. One that was there stays as it was.
    /// </exception>
    public static OnnxFile Write(ModelGraph graph, string path, OnnxOptions? options = null) =>
        Write(graph, path, options ?? new(), MostBytes);

    /// <summary>The same with another most for the bytes of one file.</summary>
    internal static OnnxFile Write(ModelGraph graph, string path, OnnxOptions options, long mostBytes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options.Validate();
        var other = options.AnyBatch == false ? OtherBatch.Fixed(graph) : OtherBatch.Of(graph);
        if (other.Refusal is { } refusal && options.AnyBatch == true)
        {
            throw new OnnxExportException($"The graph '{graph.Name}' does not take any batch. {refusal}");
        }

        var takesAny = options.AnyBatch != false && other.Refusal is null;
        var form = FormWriters.Of(options.Form, graph, options.AssumesVnni);
        var translation = new GraphTranslation(
            form.Graph, takesAny ? OtherBatch.Of(form.Graph) : OtherBatch.Fixed(form.Graph), form.Stored, form.Quantizers);
        var model = translation.Run(options);
        var bytes = ModelFile.Write(model, Path.GetFullPath(path), options.SeparateWeights, mostBytes);
        return new(Path.GetFullPath(path), model.Opset, takesAny, bytes, form.Notes)
        {
            FusedLayers = form.FusedLayers,
            Codes = !options.CodeOutputs ? new() : translation.Codes.ToDictionary(
                pair => pair.Key,
                pair => new CodeOutput(pair.Value.Value, pair.Value.Shift, form.Moves.GetValueOrDefault(pair.Key, []))),
        };
    }
}
