using AdaQat.Execution;
using AdaQat.Graph;
using AdaQat.Tests.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Execution;

/// <summary>Graphs computed by libtorch against the interpreter, the reference.</summary>
public sealed class TorchOperatorsTests
{
    /// <summary>A graph that has every operator, its quantizers aside, which let pass what they are given here.</summary>
    [Fact]
    public void Every_operator_gives_what_its_formula_gives()
    {
        using var scope = NewDisposeScope();
        var graph = EveryOperator.Graph();
        var image = GraphOracle.Noise(3, 2, 4, 6, 6);
        var known = new Dictionary<int, Tensor>();
        foreach (var (id, value) in graph.Nodes.SelectMany(n => n.Outputs).Select(v => (v.Id, Interpreted(v))))
        {
            known.Add(id, value);
        }

        foreach (var node in graph.Nodes.Where(TorchGraph.IsComputing))
        {
            var made = TorchOperators.Compute(node, [.. node.Inputs.Select(v => known[v.Id])]);

            made.Should().HaveSameCount(node.Outputs);
            foreach (var (value, tensor) in node.Outputs.Zip(made))
            {
                GraphOracle.Check(GraphOracle.ToGraph(known[value.Id]), tensor, node.ToString(), 1e-9);
            }
        }

        Tensor Interpreted(GraphValue value) => TorchOperators.ToTensor(
            new GraphInterpreter(graph).RunAll(GraphOracle.ToGraph(image))[value], ScalarType.Float64, CPU);
    }
}
