using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Execution;

/// <summary>The values of a graph on one batch, and from them what changes when some of its quantizers quantize.</summary>
internal sealed class TorchGraphRun(TorchGraph owner, IReadOnlyDictionary<int, Tensor> constants) : IDisposable
{
    private readonly Dictionary<int, Tensor> _values = constants.ToDictionary();

    /// <summary>What the graph's first output is in float; this object's to dispose.</summary>
    public Tensor Output => _values[owner.Graph.Outputs[0].Inputs[0].Id];

    public void ComputeAll(IReadOnlyList<Tensor> inputs)
    {
        using var guard = no_grad();
        foreach (var (node, input) in owner.Graph.Inputs.Zip(inputs))
        {
            _values[node.Output.Id] = input.alias().DetachFromDisposeScope();
        }

        foreach (var node in owner.Graph.Nodes.Where(n => n.Operator is not (InputOperator or OutputOperator or ConstantOperator)))
        {
            Keep(_values, node, Made(node, [.. node.Inputs.Select(value => _values[value.Id])]));
        }
    }

    /// <summary>
    /// The first output where some quantizers quantize: only what depends on them is computed, everything else is taken from the run in
    /// float.
    /// </summary>
    /// <param name="quantizers">Nodes of quantizers.</param>
    /// <param name="quantize">What they make of what they are given: a new tensor.</param>
    /// <returns>The output, the caller's to dispose, and how many nodes were computed.</returns>
    public (Tensor Output, int Computed) Changed(IReadOnlySet<GraphNode> quantizers, Func<Tensor, Tensor> quantize)
    {
        using var guard = no_grad();
        var (changed, computed) = (new Dictionary<int, Tensor>(), 0);
        var nodes = Dependent(quantizers);
        var readers = nodes.SelectMany(node => node.Inputs).CountBy(value => value.Id).ToDictionary();
        var output = owner.Graph.Outputs[0].Inputs[0].Id;
        readers[output] = readers.GetValueOrDefault(output) + 1;
        try
        {
            foreach (var node in nodes)
            {
                Tensor[] read = [.. node.Inputs.Select(value => changed.TryGetValue(value.Id, out var other) ? other : _values[value.Id])];
                Keep(changed, node, quantizers.Contains(node) ? [quantize(read[0])] : Made(node, read));
                computed += TorchGraph.IsComputing(node) ? 1 : 0;
                foreach (var value in node.Inputs.Where(value => --readers[value.Id] == 0))
                {
                    if (changed.Remove(value.Id, out var done))
                    {
                        done.Dispose();
                    }
                }
            }

            return (changed.Remove(output, out var made) ? made : _values[output].alias(), computed);
        }
        finally
        {
            foreach (var left in changed.Values)
            {
                left.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var (id, value) in _values)
        {
            if (!constants.ContainsKey(id))
            {
                value.Dispose();
            }
        }
    }

    /// <summary>The quantizers and all nodes behind them, in their order.</summary>
    private List<GraphNode> Dependent(IReadOnlySet<GraphNode> quantizers)
    {
        var (nodes, ids) = (new List<GraphNode>(), new HashSet<int>());
        foreach (var node in owner.Graph.Nodes.Where(node => node.Operator is not OutputOperator
            && (quantizers.Contains(node) || node.Inputs.Any(input => ids.Contains(input.Id)))))
        {
            nodes.Add(node);
            ids.UnionWith(node.Outputs.Select(made => made.Id));
        }

        return nodes;
    }

    private static IReadOnlyList<Tensor> Made(GraphNode node, Tensor[] read)
    {
        if (node.Operator is QuantizeOperator)
        {
            return [read[0].alias().DetachFromDisposeScope()];
        }

        using var scope = NewDisposeScope();
        var made = TorchOperators.Compute(node, read);
        return [.. made.Select(tensor => tensor.DetachFromDisposeScope())];
    }

    private static void Keep(Dictionary<int, Tensor> values, GraphNode node, IReadOnlyList<Tensor> made)
    {
        foreach (var (value, tensor) in node.Outputs.Zip(made))
        {
            values[value.Id] = tensor.DetachFromDisposeScope();
        }
    }
}
