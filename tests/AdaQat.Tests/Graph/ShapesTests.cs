using AdaQat.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Graph;

/// <summary>Shapes, and sizes that follow from others.</summary>
public sealed class ShapesTests
{
    [Theory]
    [InlineData("flatten(1)", new long[] { 4, 16, 2, 3 }, new long[] { 4, 96 }, "[size(0,0),size(0,1)*size(0,2)*size(0,3)]")]
    [InlineData("view(n, -1)", new long[] { 4, 16, 2, 3 }, new long[] { 4, -1 }, "[size(0,0),size(0,1)*size(0,2)*size(0,3)]")]
    [InlineData("view(-1, n)", new long[] { 4, 16, 2, 3 }, new long[] { -1, 96 }, "[size(0,0),size(0,1)*size(0,2)*size(0,3)]")]
    [InlineData("flatten(2)", new long[] { 4, 16, 2, 3 }, new long[] { 4, 16, 6 }, "[size(0,0),size(0,1),size(0,2)*size(0,3)]")]
    [InlineData("rows of all images", new long[] { 4, 5, 8 }, new long[] { 20, 8 }, "[size(0,0)*size(0,1),size(0,2)]")]
    [InlineData("and back", new long[] { 20, 8 }, new long[] { 4, 5, 8 }, "[-1,5,size(0,1)]")]
    [InlineData("heads", new long[] { 4, 5, 8 }, new long[] { 4, 5, 2, -1 }, "[size(0,0),size(0,1),2,-1]")]
    [InlineData("heads, as numbers", new long[] { 4, 5, 8 }, new long[] { 4, 5, 2, 4 }, "[size(0,0),size(0,1),2,4]")]
    [InlineData("channel shuffle", new long[] { 4, 6, 7, 9 }, new long[] { 4, 2, 3, 7, 9 }, "[size(0,0),2,3,size(0,2),size(0,3)]")]
    [InlineData("groups of a batch", new long[] { 8, 3 }, new long[] { 4, -1, 3 }, "[4,-1,size(0,1)]")]
    [InlineData("unsqueeze", new long[] { 4, 16, 7 }, new long[] { 4, 16, 1, 7 }, "[size(0,0),size(0,1),1,size(0,2)]")]
    [InlineData("unsqueeze in front", new long[] { 4, 16 }, new long[] { 1, 4, 16 }, "[1,size(0,0),size(0,1)]")]
    [InlineData("squeeze", new long[] { 4, 16, 1, 1 }, new long[] { 4, 16 }, "[size(0,0),size(0,1)*size(0,2)*size(0,3)]")]
    [InlineData("a number", new long[] { 1, 1 }, new long[] { }, "[]")]
    [InlineData("nothing", new long[] { 0, 3 }, new long[] { 3, 0 }, "[3,0]")]
    public void A_reshape_that_was_seen_is_read_as_a_rule(string what, long[] input, long[] sizes, string rule)
    {
        ReshapeSizes.Seen(new(input), sizes).ToString().Should().Be(rule, "of {0}", what);
    }

    [Fact]
    public void A_rule_gives_the_shape_that_was_seen()
    {
        var cases =
            from factors in Gen.Elements<long>(1, 1, 2, 3, 4).ArrayOf(4)
            from cuts in Gen.Choose(0, 3).ArrayOf(2)
            from joined in Gen.Elements(false, true)
            select (factors, cuts, joined);
        Arbitrary.ForAll(cases, seen =>
        {
            // The same factors, joined to axes at different places.
            var (input, output) = (Join(seen.factors, seen.cuts[0]), Join(seen.factors, seen.joined ? seen.cuts[1] : 4));
            var rule = ReshapeSizes.Seen(new(input), output);
            new ReshapeOperator(rule).InferShapes([new(input)]).Should().Equal([new Shape(output)]);
        });

        static long[] Join(long[] factors, int cut) =>
            cut == 4 ? factors : [.. factors[..cut], factors[cut..].Aggregate(1L, (product, factor) => product * factor)];
    }

    [Fact]
    public void Another_batch_and_another_image_size_follow_the_rule()
    {
        var flatten = new ReshapeOperator(ReshapeSizes.Seen([2, 16, 4, 4], 2, 256));

        flatten.InferShapes([[5, 16, 3, 7]]).Should().Equal([[5, 336]]);
    }

    [Theory]
    [InlineData(new long[] { 5 }, "*6 elements, not 5*")]
    [InlineData(new long[] { -1, 4 }, "*6 elements are no multiple of 4*")]
    [InlineData(new long[] { -1, -1 }, "*−1 more than once*")]
    [InlineData(new long[] { -2, 3 }, "*size of the reshape is -2*")]
    public void Sizes_that_do_not_fit_are_refused(long[] sizes, string message)
    {
        var seen = () => ReshapeSizes.Seen([2, 3], sizes);

        seen.Should().Throw<GraphException>().WithMessage(message);
    }

    [Theory]
    [InlineData("16")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("size(0,2)")]
    [InlineData("size(0,2)*size(1,3)")]
    [InlineData("size(0,2)*3/4")]
    [InlineData("size(0,2)/2")]
    public void A_size_is_read_back_from_its_text(string text)
    {
        SizeExpression.Parse(text).ToString().Should().Be(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-2")]
    [InlineData("size(0)")]
    [InlineData("size(0,-1)")]
    [InlineData("3*4")]
    [InlineData("size(0,1)/0")]
    [InlineData("size(0,1)/2/2")]
    [InlineData("4/2")]
    [InlineData("3*size(0,1)")]
    public void What_is_no_size_is_refused(string text)
    {
        var parse = () => SizeExpression.Parse(text);

        parse.Should().Throw<FormatException>().WithMessage($"*'{text}'*");
    }

    [Fact]
    public void A_size_that_is_no_whole_number_is_refused()
    {
        var reshape = new ReshapeOperator([SizeExpression.Product([new(0, 0)], divisor: 2), -1]);

        reshape.InferShapes([[4, 3]]).Should().Equal([[2, 6]]);
        reshape.Invoking(r => r.InferShapes([[5, 4]])).Should().Throw<GraphException>()
            .WithMessage("*size(0,0)/2 is 5/2, no whole number*");
    }

    [Fact]
    public void A_size_of_an_input_that_is_not_there_is_refused()
    {
        var reshape = new ReshapeOperator([SizeExpression.Of(1, 0)]);

        reshape.Invoking(r => r.InferShapes([[4]])).Should().Throw<GraphException>().WithMessage("*size(1,0)*not there*");
    }

    [Fact]
    public void A_negative_size_is_refused()
    {
        var make = () => new Shape(2, -1);

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*is -1*");
    }

    [Fact]
    public void More_elements_than_an_array_holds_are_refused()
    {
        var make = () => new Shape(1L << 31, 1L << 31, 1L << 31);

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*more than*elements*");
    }

    [Fact]
    public void Lists_are_equal_by_their_items()
    {
        EquatableList<long> one = [1, 2], same = [1, 2], other = [1, 3];

        one.Should().BeEquivalentTo(same).And.NotBeSameAs(same);
        (one == same).Should().BeTrue();
        (one == other).Should().BeFalse();
        one.GetHashCode().Should().Be(same.GetHashCode());
        ((EquatableList<long>)7).Should().Equal(7);
    }
}
