using AdaQat.Attaching;
using AdaQat.Capture;
using AdaQat.Execution;
using AdaQat.Graph;
using AdaQat.Lowering;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Sensitivity;

/// <summary>The graph of a model for batches of one shape, and which of its quantizers are whose.</summary>
internal sealed class ModelReplica : IDisposable
{
    /// <summary>How far the graph's output may be from the model's, for its largest number: float32 rounds in another order.</summary>
    private const double Tolerance = 1e-4;

    private readonly TorchGraph _graph;
    private readonly Dictionary<SensitivityTarget, HashSet<GraphNode>> _quantizers = [];

    private ModelReplica(TorchGraph graph) => _graph = graph;

    /// <summary>Captures the graph, and has it compute a batch that the model has computed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="targets">What will be quantized.</param>
    /// <param name="input">The batch.</param>
    /// <param name="expected">What the model makes of it in float.</param>
    /// <returns>The graph, or why there is none.</returns>
    public static (ModelReplica? Replica, string? Fault) Of(
        QuantizedModel model, IReadOnlyList<SensitivityTarget> targets, Tensor input, Tensor expected)
    {
        using var sketch = model.Sketch(input);
        if (sketch.Fault is { } fault)
        {
            return (null, fault);
        }

        var places = new Dictionary<QuantizeOperator, SensitivityTarget>();
        var graph = sketch.Graph(new ModelGrids(StandIns(model, targets, places)));
        if (graph.Inputs.Count != 1 || graph.Outputs.Count != 1)
        {
            return (null, $"The graph has {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs; one of each is needed.");
        }

        var replica = new ModelReplica(new TorchGraph(graph, expected.dtype, expected.device));
        foreach (var node in graph.Nodes)
        {
            if (node.Operator is QuantizeOperator quantizer && places.TryGetValue(quantizer, out var target))
            {
                replica._quantizers.TryAdd(target, []);
                replica._quantizers[target].Add(node);
            }
        }

        if (replica.Difference(input, expected) is { } difference)
        {
            replica.Dispose();
            return (null, difference);
        }

        return (replica, null);
    }

    public IBatchForward Forward(Tensor input) => new Batch(this, _graph.Run([input]));

    public void Dispose() => _graph.Dispose();

    private string? Difference(Tensor input, Tensor expected)
    {
        using var scope = NewDisposeScope();
        using var run = _graph.Run([input]);
        return !run.Output.shape.SequenceEqual(expected.shape)
            ? $"The graph makes an output of shape [{string.Join(',', run.Output.shape)}] and the model one of "
                + $"[{string.Join(',', expected.shape)}]."
            : run.Output.sub(expected).abs().max().item<float>() is var off && !(off <= Tolerance * expected.abs().max().item<float>())
                ? FormattableString.Invariant($"The graph's output is off from the model's by {off}.")
                : null;
    }

    /// <summary>A grid for each target, told apart by its scale: only its place in the graph counts.</summary>
    private static Dictionary<string, LayerGrids> StandIns(
        QuantizedModel model, IReadOnlyList<SensitivityTarget> targets, Dictionary<QuantizeOperator, SensitivityTarget> places)
    {
        var (weights, inputs) = (Grids(QuantizerTarget.Weight), Grids(QuantizerTarget.Activation));
        return model.Layers.ToDictionary(layer => layer.Name, layer => new LayerGrids(
            CapturedLayers.WeightName(model, layer),
            weights.ContainsKey(layer) ? TensorNumbers.Of(layer.Attached.LatentWeight) : null,
            weights.GetValueOrDefault(layer),
            inputs.GetValueOrDefault(layer)));

        Dictionary<QuantizedLayer, QuantizeOperator> Grids(QuantizerTarget kind)
        {
            var grids = new Dictionary<QuantizedLayer, QuantizeOperator>();
            foreach (var target in targets.Where(target => target.Kind == kind))
            {
                var grid = new QuantizeOperator(places.Count + 1, 0, 0, 1);
                places.Add(grid, target);
                foreach (var layer in target.Layers)
                {
                    grids.Add(layer, grid);
                }
            }

            return grids;
        }
    }

    private sealed class Batch(ModelReplica replica, TorchGraphRun run) : IBatchForward
    {
        public Tensor Output => run.Output;

        public int NodeCount => replica._graph.NodeCount;

        public (Tensor Output, int Computed) Changed(SensitivityTarget target, Func<Tensor, Tensor> quantize) =>
            run.Changed(replica._quantizers.GetValueOrDefault(target) ?? [], quantize);

        public void Dispose() => run.Dispose();
    }
}
