using AdaQat.Graph;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FluentAssertions;
using FsCheck.Fluent;
using Xunit;

namespace AdaQat.Tests.Runtime;

/// <summary>Nodes that only arrange numbers, planned as blocks. The oracle is each node's own formula, element by element.</summary>
public sealed class ArrangementsTests
{
    [Fact]
    public void Blocks_hold_every_element_of_a_node_and_of_no_other() => Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), seed =>
    {
        var random = new Random(seed);
        var shape = new Shape([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(1, 5))]);
        var nodes = new List<IntegerNode> { new InputNode("x", [shape.ElementCount], new Codes(255)) };
        nodes.Add(new ReshapeNode("shaped", nodes[0], shape));
        nodes.AddRange(Arranged(random, nodes[1], random.Next(5)));
        nodes.Add(new DequantizeNode("floats", nodes[^1], [1], [0]));
        nodes.Add(new OutputNode("out", nodes[^1]));
        var model = new IntegerModel([.. nodes]);
        var image = RandomIntegerModel.Images(model, seed);
        using var context = model.CreateContext();

        IntegerRuns.Same(IntegerRuns.Context(model, context, image)[0], IntegerRuns.Reference(model, image)).Should().BeTrue(
            "of {0}", string.Join(", ", nodes));
    });

    [Fact]
    public void What_stays_together_is_one_block()
    {
        var x = new InputNode("x", [4, 5, 6], new Codes(255));

        Blocks(new ConcatNode("y", [x, x], 0)).Should().Equal(1, 1);
        Blocks(new ConcatNode("y", [x, x], 1)).Should().Equal(4, 4);
        Blocks(new ConcatNode("y", [x, x], 2)).Should().Equal(20, 20);
        Blocks(new PadNode("y", x, [1, 0, 0], [0, 0, 0], 7)).Should().Equal(1);
        Blocks(new PadNode("y", x, [1, 0, 0], [0, 2, 0], 7)).Should().Equal(4);
        Blocks(new PadNode("y", x, [0, 0, 0], [0, 0, 0], 7)).Should().Equal(1);
        Blocks(new SliceNode("y", x, 0, 1, 3)).Should().Equal(1);
        Blocks(new SliceNode("y", x, 1, 1, 2, 2)).Should().Equal(8);
        Blocks(new UpsampleNode("y", x, [2, 1])).Should().Equal([5], "a row, the second time, goes on in the next one");
        Blocks(new PermuteNode("y", x, [1, 0, 2])).Should().Equal(20);
        Blocks(new PermuteNode("y", x, [0, 1, 2])).Should().Equal(1);

        static IEnumerable<int> Blocks(IntegerNode node) => Arrangements.Of(node).Select(copies => copies.Count);
    }

    private static IntegerNode[] Arranged(Random random, IntegerNode x, int kind)
    {
        var rank = x.Shape.Rank;
        var axis = random.Next(rank);
        switch (kind)
        {
            case 0:
                return [new ConcatNode("y", [.. Enumerable.Repeat(x, random.Next(1, 4))], axis)];
            case 1:
                return [new PadNode("y", x, Sizes(), Sizes(), random.Next(256))];
            case 2:
                var start = random.Next((int)x.Shape[axis]);
                var step = random.Next(1, 3);
                return [new SliceNode("y", x, axis, start, random.Next(1, (((int)x.Shape[axis] - start - 1) / step) + 2), step)];
            case 3 when rank is 2 or 3:
                return [new UpsampleNode("y", x, [.. Enumerable.Range(1, rank - 1).Select(_ => (long)random.Next(1, 4))])];
            default:
                var axes = Enumerable.Range(0, rank).ToArray();
                random.Shuffle(axes.AsSpan(0, random.Next(rank + 1)));
                return [new PermuteNode("y", x, [.. axes])];
        }

        EquatableList<long> Sizes() => [.. Enumerable.Range(0, rank).Select(_ => (long)Math.Max(0, random.Next(-2, 3)))];
    }
}
