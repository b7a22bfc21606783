using AdaQat.Graph;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Graph;

/// <summary>Reshapes, permutations, slices, concatenations and padding do what TorchSharp's do.</summary>
public sealed class LayoutsTests
{
    [Fact]
    public void Slices_of_any_bounds_are_Pythons()
    {
        var cases =
            from size in Gen.Choose(0, 7)
            from start in Gen.Choose(-9, 9)
            from end in Gen.Choose(-9, 9)
            from hasEnd in Gen.Elements(false, true)
            from step in Gen.Choose(1, 4)
            from axis in Gen.Choose(0, 2)
            select (size, start, end: hasEnd ? end : (long?)null, step, axis);
        Arbitrary.ForAll(cases, slice =>
        {
            using var scope = NewDisposeScope();
            var (size, start, end, step, axis) = slice;
            long[] shape = [2, 3, 4];
            shape[axis] = size;
            var x = GraphOracle.Noise(1, shape);
            GraphOracle.Check(
                new SliceOperator(axis, start, end, step), () => x.slice(axis, start, end ?? long.MaxValue, step), x);
        });
    }

    [Fact]
    public void Padding_of_any_sizes_is_TorchSharps()
    {
        var cases =
            from mode in Gen.Elements(Enum.GetValues<PadMode>())
            from size in Gen.Choose(3, 5).ArrayOf(2)
            from counts in Gen.Choose(0, 2).ArrayOf(4)
            from cut in Gen.Choose(0, 1)
            select (mode, size, counts, cut);
        Arbitrary.ForAll(cases, padding =>
        {
            using var scope = NewDisposeScope();
            var (mode, size, counts, cut) = padding;
            // A constant may cut elements off.
            var (top, left, bottom, right) = (counts[0] - (mode == PadMode.Constant ? cut : 0), counts[1], counts[2], counts[3]);
            var value = mode == PadMode.Constant ? 1.5 : 0;
            var x = GraphOracle.Noise(1, 2, 3, size[0], size[1]);
            GraphOracle.Check(
                new PadOperator([0, 0, top, left], [0, 0, bottom, right], mode, value),
                () => nn.functional.pad(x, [left, right, top, bottom], Enum.Parse<PaddingModes>(mode.ToString()), value), x);
        });
    }

    [Fact]
    public void Padding_reaches_every_axis()
    {
        var x = GraphOracle.Noise(1, 2, 3);

        GraphOracle.Check(
            new PadOperator([1, 0], [2, 3], value: double.NegativeInfinity),
            () => nn.functional.pad(x, [0, 3, 1, 2], PaddingModes.Constant, double.NegativeInfinity), x);
    }

    [Fact]
    public void Permutations_are_TorchSharps()
    {
        var cases = Gen.Shuffle(new long[] { 0, 1, 2, 3 });
        Arbitrary.ForAll(cases, order =>
        {
            using var scope = NewDisposeScope();
            var x = GraphOracle.Noise(1, 2, 3, 4, 5);
            GraphOracle.Check(new PermuteOperator([.. order]), () => x.permute(order), x);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Concatenations_and_splits_along_any_axis_are_TorchSharps(int axis)
    {
        long[] sizes = [1, 3, 0, 2];
        var parts = sizes
            .Select((size, place) => GraphOracle.Noise(place, axis == 0 ? size : 2, axis == 1 ? size : 3, axis == 2 ? size : 4)).ToArray();
        var whole = cat(parts, axis);

        GraphOracle.Check(new ConcatOperator(axis), () => whole, parts);
        var split = new SplitOperator(axis, [.. sizes]).Evaluate(GraphOracle.ToGraph(whole));
        foreach (var (part, mine) in parts.Zip(split))
        {
            GraphOracle.Check(mine, part, "a part");
        }
    }

    [Fact]
    public void Expansions_are_TorchSharps()
    {
        var x = GraphOracle.Noise(1, 3, 1);

        GraphOracle.Check(new ExpandOperator([2, -1, 4]), () => x.expand(2, -1, 4), x);
    }

    [Fact]
    public void An_expansion_takes_its_size_from_another_tensor()
    {
        new ExpandOperator([SizeExpression.Of(1, 0), -1, -1]).InferShapes([[1, 1, 16], [5, 3, 8, 8]])
            .Should().Equal([[5, 1, 16]]);
    }

    [Fact]
    public void Reshapes_keep_the_order_of_elements()
    {
        var x = GraphOracle.Noise(1, 2, 3, 4);

        GraphOracle.Check(new ReshapeOperator([4, -1]), () => x.reshape(4, -1), x);
    }

    [Theory]
    [InlineData("reflect", "*axis 1 is 3 and 0; the input [2,3]*")]
    [InlineData("circular", "*axis 1 is 4 and 0*")]
    public void Padding_larger_than_the_image_is_refused(string mode, string message)
    {
        var pad = mode == "reflect"
            ? new PadOperator([0, 3], [0, 0], PadMode.Reflect)
            : new PadOperator([0, 4], [0, 0], PadMode.Circular);

        pad.Invoking(p => p.InferShapes([[2, 3]])).Should().Throw<GraphException>().WithMessage(message);
    }
}
