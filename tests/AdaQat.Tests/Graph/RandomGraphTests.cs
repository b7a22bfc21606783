using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>What holds for graphs of any form.</summary>
public sealed class RandomGraphTests
{
    [Fact]
    public void Peaks_are_those_of_a_plain_count_in_every_step()
    {
        Arbitrary.ForAll(RandomGraphs.Any, graph => ActivationLifetimes.Of(graph).Peak().Amount.Should().Be(PlainPeak(graph)));
    }

    [Fact]
    public void Fusing_never_needs_more_memory()
    {
        Arbitrary.ForAll(RandomGraphs.Any, graph => ActivationLifetimes.Of(graph, fuses: true).Peak().Amount
            .Should().BeLessThanOrEqualTo(ActivationLifetimes.Of(graph).Peak().Amount));
    }

    [Fact]
    public void Graphs_are_read_back_as_they_were()
    {
        Arbitrary.ForAll(RandomGraphs.Any, graph => ModelGraph.FromJson(graph.ToJson()).Should().Be(graph));
    }

    [Fact]
    public void A_run_gives_the_same_whether_it_keeps_all_values_or_not()
    {
        GraphTensor a = GraphTensor.Of([2, 4], [1f, -2, 3, 4, -5, 6, 7, -8]), b = GraphTensor.Of([2, 4], [0f, 1, 2, 3, 4, 5, 6, 7]);

        Arbitrary.ForAll(RandomGraphs.Any, graph =>
        {
            var interpreter = new GraphInterpreter(graph);
            interpreter.Run(a, b).Should().Equal(interpreter.RunAll(a, b).Outputs);
        });
    }

    /// <summary>In each step: the memories that something made so far looks into and that this step or a later one reads.</summary>
    private static long PlainPeak(ModelGraph graph)
    {
        var memory = new Dictionary<int, int>();
        var isParameter = new HashSet<int>();
        var steps = new List<GraphNode>();
        foreach (var node in graph.Nodes)
        {
            if (node.Operator is ConstantOperator || (node.Inputs.Count > 0 && node.Inputs.All(input => isParameter.Contains(input.Id))))
            {
                isParameter.UnionWith(node.Outputs.Select(output => output.Id));
            }
            else if (node.Operator is not (InputOperator or OutputOperator))
            {
                steps.Add(node);
            }

            foreach (var output in node.Outputs)
            {
                // All splits and slices here are along the first axis and without a step.
                var isView = node.Operator is ReshapeOperator or SplitOperator or SliceOperator;
                memory[output.Id] = isView ? memory[node.Inputs[0].Id] : output.Id;
            }
        }

        var shapes = graph.Nodes.SelectMany(node => node.Outputs).ToDictionary(value => value.Id, value => value.Shape.ElementCount);
        var inputs = graph.Inputs.Select(node => node.Output.Id).ToList();
        var outputs = graph.Outputs.Select(node => node.Inputs[0].Id).ToList();
        return steps.Index().Max(step =>
        {
            var made = steps.Take(step.Index + 1).SelectMany(node => node.Outputs).Select(value => value.Id).Concat(inputs)
                .Select(id => memory[id]).ToHashSet();
            var needed = steps.Skip(step.Index).SelectMany(node => node.Inputs).Select(value => value.Id).Concat(outputs)
                .Concat(step.Item.Outputs.Select(value => value.Id)).Concat(step.Index == 0 ? inputs : [])
                .Where(id => !isParameter.Contains(id)).Select(id => memory[id]);
            return needed.Where(made.Contains).Distinct().Sum(id => shapes[id]);
        });
    }
}
