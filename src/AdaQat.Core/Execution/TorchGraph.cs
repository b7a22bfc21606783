using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Execution;

/// <summary>A graph that libtorch computes, on inputs of the shapes that it was captured with.</summary>
internal sealed class TorchGraph : IDisposable
{
    private readonly Dictionary<int, Tensor> _constants = [];

    public TorchGraph(ModelGraph graph, ScalarType type, Device device)
    {
        Graph = graph;
        foreach (var node in graph.Constants)
        {
            _constants.Add(node.Output.Id, TorchOperators.ToTensor(graph.Constant(node.Output)!, type, device).DetachFromDisposeScope());
        }

        NodeCount = graph.Nodes.Count(IsComputing);
    }

    public ModelGraph Graph { get; }

    /// <summary>The nodes that compute something: not inputs, outputs, constants and quantizers.</summary>
    public int NodeCount { get; }

    /// <summary>Computes all of it, in float: quantizers let pass what they are given. All values are kept.</summary>
    public TorchGraphRun Run(IReadOnlyList<Tensor> inputs)
    {
        var run = new TorchGraphRun(this, _constants);
        try
        {
            run.ComputeAll(inputs);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var constant in _constants.Values)
        {
            constant.Dispose();
        }
    }

    public static bool IsComputing(GraphNode node) =>
        node.Operator is not (InputOperator or OutputOperator or ConstantOperator or QuantizeOperator);
}
