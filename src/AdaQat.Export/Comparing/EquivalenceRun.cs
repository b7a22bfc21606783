using AdaQat.Graph;
using AdaQat.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Export;

/// <summary>A comparison as batches come.</summary>
internal sealed class EquivalenceRun : IDisposable
{
    private readonly ModelGraph _graph;
    private readonly IntegerModel _integer;
    private readonly ReferenceRun _wide;
    private readonly ReferenceRun _narrow;
    private readonly ForcedLayers _layers;
    private readonly Dictionary<string, long> _narrowDifferent = new(StringComparer.Ordinal);
    private readonly int _layerImages;
    private long _layered;
    private long _images;
    private long _topOne;
    private long _narrowTopOne;
    private double _largest;
    private double _narrowLargest;

    public EquivalenceRun(ModelGraph graph, IntegerModel integer, int layerImages)
    {
        var lowered = Lowered(graph, integer);
        (_graph, _integer, _layerImages, _layers) = (graph, integer, layerImages, new(integer, lowered));
        _wide = new(graph, ScalarType.Float64);
        _narrow = new(graph, ScalarType.Float32);
    }

    /// <summary>Where the integer network of a graph has its codes.</summary>
    public static LoweredModel Lowered(ModelGraph graph, IntegerModel integer)
    {
        var lowered = IntegerLowering.Run(graph, new() { AllowFloatIslands = true });
        return Outline(lowered.Model).SequenceEqual(Outline(integer)) ? lowered : throw new ArgumentException(
            "The integer network has other nodes than the model's; allowed is the one that was compiled from it.");
    }

    public void Add(Tensor batch)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var images = batch.shape[0];
        var layered = (int)Math.Clamp(_layerImages - _layered, 0, images);
        var (steps, codes) = (new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>());
        var expected = _wide.Run(batch, (node, x, quantized) =>
        {
            if (layered > 0)
            {
                var grid = (QuantizeOperator)node.Operator;
                steps[node.Name] = x.slice(0, 0, layered, 1).Div(grid.Scales[0]).Sub(grid.Offsets[0]);
                codes[node.Name] = quantized;
            }

            return quantized;
        });
        CompareOutputs(batch, expected);
        if (layered > 0)
        {
            CompareNarrow(batch.slice(0, 0, layered, 1), codes, layered);
            using var singles = batch.to(ScalarType.Float32).contiguous();
            var numbers = singles.data<float>().ToArray();
            var size = numbers.Length / (int)images;
            for (var i = 0; i < layered; i++)
            {
                using var image = NewDisposeScope();
                _layers.Run(numbers[(i * size)..((i + 1) * size)], steps.ToDictionary(pair => pair.Key, pair => pair.Value[i]));
            }
        }

        _layered += layered;
        _images += images;
    }

    public EquivalenceReport Report() => new(
        [.. _graph.Nodes.Where(node => node.Operator is QuantizeOperator && _layers.Counted(node.Name).Codes > 0).Select(node =>
        {
            var (codes, different, distance) = _layers.Counted(node.Name);
            return new LayerEquivalence(node.Name, codes, different, distance, _narrowDifferent.GetValueOrDefault(node.Name));
        })],
        _layered, _images, _topOne, _largest, _narrowTopOne, _narrowLargest);

    public void Dispose()
    {
        _wide.Dispose();
        _narrow.Dispose();
    }

    private static IEnumerable<(string, Shape)> Outline(IntegerModel model) => model.Nodes.Select(node => (node.Name, node.Shape));

    private void CompareOutputs(Tensor batch, Tensor expected)
    {
        using var singles = batch.to(ScalarType.Float32).contiguous();
        var made = new float[expected.numel()];
        _integer.Run(singles.data<float>().ToArray(), made);
        var (topOne, largest) = Difference(tensor(made, dtype: ScalarType.Float32).reshape(expected.shape), expected);
        (_topOne, _largest) = (_topOne + topOne, Math.Max(_largest, largest));
        (topOne, largest) = Difference(_narrow.Run(batch, (_, _, quantized) => quantized), expected);
        (_narrowTopOne, _narrowLargest) = (_narrowTopOne + topOne, Math.Max(_narrowLargest, largest));
    }

    /// <summary>For how many images the largest output is another one, and how far outputs are apart.</summary>
    public static (long TopOne, double Largest) Difference(Tensor made, Tensor expected)
    {
        var (a, b) = (made.to(ScalarType.Float64).flatten(1), expected.flatten(1));
        return (a.argmax(1).ne(b.argmax(1)).sum().ToInt64(), (a - b).abs().max().ToDouble());
    }

    /// <summary>float32 on the reference's codes, layer by layer.</summary>
    private void CompareNarrow(Tensor images, Dictionary<string, Tensor> codes, int count) => _narrow.Run(images, (node, _, quantized) =>
    {
        var expected = codes[node.Name].slice(0, 0, count, 1);
        var different = (quantized.to(ScalarType.Float64) - expected).abs().Gt(((QuantizeOperator)node.Operator).Scales.Max() / 2);
        _narrowDifferent[node.Name] = _narrowDifferent.GetValueOrDefault(node.Name) + different.sum().ToInt64();
        return expected.to(ScalarType.Float32);
    });
}
