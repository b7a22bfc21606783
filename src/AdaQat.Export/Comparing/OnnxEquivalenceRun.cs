using AdaQat.Graph;
using AdaQat.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Export;

/// <summary>A comparison of a file with the integer network as batches come.</summary>
internal sealed class OnnxEquivalenceRun : IDisposable
{
    private readonly ModelGraph _graph;
    private readonly IntegerModel _integer;
    private readonly OnnxFile _file;
    private readonly Func<GraphTensor, IReadOnlyDictionary<string, GraphTensor>> _program;
    private readonly ReferenceRun _wide;
    private readonly OnnxLayers _layers;
    private readonly int _layerImages;
    private long _layered;
    private long _images;
    private long _topOne;
    private double _largest;

    public OnnxEquivalenceRun(
        ModelGraph graph, LoweredModel lowered, OnnxFile file, Func<GraphTensor, IReadOnlyDictionary<string, GraphTensor>> program,
        int layerImages)
    {
        var missing = lowered.Codes.Keys.Where(quantizer => !file.Codes.ContainsKey(quantizer)).ToList();
        if (missing.Count > 0)
        {
            throw new ArgumentException($"The file has no outputs with the codes of {string.Join(", ", missing.Take(3))}; allowed is a "
                + $"file of this model's graph, written with {nameof(OnnxOptions)}.{nameof(OnnxOptions.CodeOutputs)} = true.");
        }

        (_graph, _integer, _file, _program, _layerImages) = (graph, lowered.Model, file, program, layerImages);
        _layers = new(lowered.Model, lowered, file.Codes);
        _wide = new(graph, ScalarType.Float64);
    }

    public void Add(Tensor batch)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var images = batch.shape[0];
        using var singles = batch.to(ScalarType.Float32).contiguous();
        var numbers = singles.data<float>().ToArray();
        var results = _program(GraphTensor.Of(new Shape(batch.shape), numbers));
        CompareOutputs(numbers, Result(results, _graph.Outputs[0].Name));
        var layered = (int)Math.Clamp(_layerImages - _layered, 0, images);
        if (layered > 0)
        {
            CompareLayers(batch.slice(0, 0, layered, 1), results, numbers, layered);
        }

        (_layered, _images) = (_layered + layered, _images + images);
    }

    public OnnxEquivalenceReport Report() => new(
        [.. _graph.Nodes.Select(node => _layers.Counted(node.Name)).OfType<OnnxLayerEquivalence>()], _layered, _images, _topOne, _largest);

    public void Dispose() => _wide.Dispose();

    private static GraphTensor Result(IReadOnlyDictionary<string, GraphTensor> results, string name) => results.GetValueOrDefault(name)
        ?? throw new ArgumentException($"The program gave no output '{name}'; it gave {string.Join(", ", results.Keys.Take(5))}.");

    private static Tensor Numbers(GraphTensor tensor) =>
        torch.tensor(tensor.ToFloat64(), dtype: ScalarType.Float64).reshape([.. tensor.Shape]);

    private void CompareOutputs(float[] numbers, GraphTensor scores)
    {
        var made = new float[scores.Shape.ElementCount];
        _integer.Run(numbers, made);
        var (topOne, largest) = EquivalenceRun.Difference(
            Numbers(scores), tensor(made, dtype: ScalarType.Float32).reshape([.. scores.Shape]).to(ScalarType.Float64));
        (_topOne, _largest) = (_topOne + topOne, Math.Max(_largest, largest));
    }

    /// <summary>What each quantizer is given when all before it have the file's codes.</summary>
    private void CompareLayers(Tensor batch, IReadOnlyDictionary<string, GraphTensor> results, float[] numbers, int images)
    {
        var given = new Dictionary<string, (Tensor Codes, Tensor Numbers, Tensor Magnitudes)>(StringComparer.Ordinal);
        _wide.RunWithMagnitudes(batch, (node, x, magnitudes, _) =>
        {
            var output = _file.Codes[node.Name];
            var grid = (QuantizeOperator)node.Operator;
            var codes = Numbers(Result(results, output.Output)).slice(0, 0, images, 1).Sub(output.Shift);
            given[node.Name] = (codes, x, magnitudes);
            return codes.Add(grid.Offsets[0]).Mul(grid.Scales[0]);
        });
        var size = numbers.Length / (int)(results[_graph.Outputs[0].Name].Shape[0]);
        for (var i = 0; i < images; i++)
        {
            using var image = NewDisposeScope();
            _layers.Run(numbers[(i * size)..((i + 1) * size)], given.ToDictionary(
                pair => pair.Key, pair => (pair.Value.Codes[i], pair.Value.Numbers[i], pair.Value.Magnitudes[i])));
        }
    }
}
