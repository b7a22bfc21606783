using AdaQat.Graph;
using AdaQat.Tests.Support;

namespace AdaQat.Tests.Graph;

/// <summary>Graphs in memory of their own make what the interpreter makes, and allocate nothing.</summary>
public sealed class PreparedGraphTests
{
    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void Every_operator_makes_the_interpreters_bits_run_after_run_and_allocates_nothing(ElementType type)
    {
        var graph = EveryOperator.Graph();
        var prepared = new PreparedGraph(graph, type);
        var run = Bound(prepared);
        for (var seed = 1; seed <= 3; seed++)
        {
            var image = GraphOracle.ToGraph(GraphOracle.Noise(seed, [.. graph.Inputs[0].Output.Shape])).To(type);
            image.ToFloat64().CopyTo(run.Input(0));

            run.Run();

            AreEqual(run, new GraphInterpreter(graph).Run(image));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        run.Run();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void Values_share_memory_as_soon_as_nobody_needs_them() => Arbitrary.ForAll(RandomGraphs.Any, graph =>
    {
        GraphTensor a = GraphTensor.Of([2, 4], [1f, -2, 3, 4, -5, 6, 7, -8]), b = GraphTensor.Of([2, 4], [0f, 1, 2, 3, 4, 5, 6, 7]);
        var run = Bound(new PreparedGraph(graph, ElementType.Float32));
        a.ToFloat64().CopyTo(run.Input(0));
        b.ToFloat64().CopyTo(run.Input(1));

        run.Run();

        AreEqual(run, new GraphInterpreter(graph).Run(a, b));
    });

    [Fact]
    public void Outputs_may_be_inputs_and_constants()
    {
        var g = new GraphBuilder("borders");
        var x = g.Input("x", [2]);
        g.Output("same", x);
        g.Output("known", g.Constant("c", GraphTensor.Of([2], [0.1, 0.2])));
        g.Output("sum", g.Add(x, x));
        var run = Bound(new PreparedGraph(g.Build(), ElementType.Float32));
        run.Input(0)[0] = 3;
        run.Input(0)[1] = 4;

        run.Run();

        run.Output(0).ToArray().Should().Equal(3, 4);
        run.Output(1).ToArray().Should().Equal(0.1f, 0.2f);
        run.Output(2).ToArray().Should().Equal(6, 8);
    }

    [Fact]
    public void A_number_that_an_operator_refuses_is_a_fault_that_names_the_node()
    {
        var g = new GraphBuilder("words");
        var x = g.Input("x", [1]);
        g.Output("y", g.Embedding(x, g.Constant("table", GraphTensor.Of([2, 1], [1.0, 2])), name: "lookup"));
        var run = Bound(new PreparedGraph(g.Build(), ElementType.Float32));
        run.Input(0)[0] = 2;

        run.Invoking(each => each.Run()).Should().Throw<GraphException>().WithMessage("*lookup*the row 2 is read*");
    }

    /// <summary>Each value at the first place that no value which is needed with it has.</summary>
    private static PreparedRun Bound(PreparedGraph prepared)
    {
        var memory = new double[prepared.Values.Sum(value => value.Count)];
        memory.AsSpan().Fill(double.NaN);
        var (values, starts) = (prepared.Values, new List<int>());
        foreach (var value in values)
        {
            var beside = Enumerable.Range(0, starts.Count).Where(i => values[i].First <= value.Last && value.First <= values[i].Last);
            var start = beside.Select(i => starts[i] + values[i].Count).Append(0).Order().First(place => beside.All(
                i => place + value.Count <= starts[i] || starts[i] + values[i].Count <= place));
            starts.Add(start);
        }

        return prepared.Bind([.. values.Select((value, i) => memory.AsMemory(starts[i], value.Count))]);
    }

    private static void AreEqual(PreparedRun run, IReadOnlyList<GraphTensor> expected)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            run.Output(i).ToArray().Select(BitConverter.DoubleToInt64Bits).Should().Equal(
                expected[i].ToFloat64().Select(BitConverter.DoubleToInt64Bits), "of output {0}", i);
        }
    }
}
