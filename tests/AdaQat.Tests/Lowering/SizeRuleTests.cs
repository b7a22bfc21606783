using AdaQat.Lowering;

namespace AdaQat.Tests.Lowering;

/// <summary>What sizes that were seen follow from.</summary>
public sealed class SizeRuleTests
{
    [Theory]
    [InlineData("7", 7, 7)]
    [InlineData("-1", -1, -1)]
    [InlineData("size(0,0)", 2, 3)]
    [InlineData("size(0,0)*4", 8, 12)]
    [InlineData("size(0,2)/2", 4, 10)]
    [InlineData("size(0,2)*3/4", 6, 15)]
    [InlineData("size(0,0)*size(0,1)", 10, 15)]
    [InlineData("size(0,1)*size(0,2)", 40, 100)]
    [InlineData("size(0,0)*size(0,1)*size(0,2)", 80, 300)]
    [InlineData(null, 2, 7)]
    public void It_is_the_simplest_that_fits_all_recordings(string? rule, long first, long second)
    {
        var input = new TensorArgument("x", IsFloatingPoint: true, [new long[] { 2, 5, 8 }, new long[] { 3, 5, 20 }]);

        (SizeRule.Find([input], [first, second])?.ToString()).Should().Be(rule);
    }

    [Fact]
    public void A_further_input_serves_where_the_first_does_not()
    {
        var (token, image) = (Argument([1, 1], [1, 1]), Argument([2, 3], [5, 3]));

        SizeRule.Find([token, image], [2, 5])!.ToString().Should().Be("size(1,0)");
    }

    private static TensorArgument Argument(long[] first, long[] second) => new("x", IsFloatingPoint: true, [first, second]);
}
