using AdaQat.Graph;
using AdaQat.Runtime;
using FluentAssertions;
using Xunit;

namespace AdaQat.Tests.Runtime;

public sealed class IntegerNodeTests
{
    private static readonly InputNode Image = new("image", [8, 8, 4], new Codes(15));
    private static readonly SlidingWindow Window = new([3, 3], [1, 1], [1, 1]);

    [Fact]
    public void Accumulators_that_could_need_more_than_32_bits_are_refused_by_name()
    {
        var wide = new InputNode("wide", [70_000], new Codes(255));
        var weights = new IntegerWeights([1, 70_000], Enumerable.Repeat((byte)255, 70_000).ToArray(), 8, 1, [0]);

        FluentActions.Invoking(() => new LinearNode("fc", wide, weights)).Should().Throw<IntegerModelException>()
            .WithMessage("Node 'fc': its accumulators could be 0 to 4551750000, and 32 bits don't hold them*");
    }

    [Fact]
    public void A_sums_range_is_the_least_and_the_most_that_inputs_make()
    {
        var sums = new ConvolutionNode("conv", Image, new([1, 3, 3, 4], new byte[36], 2, 2, [-3]), Window);

        sums.Type.Should().Be(new Integers(-3 * 36 * 15, 0));
    }

    [Fact]
    public void A_padded_tap_counts_as_0_in_the_range_of_a_grid_without_a_zero()
    {
        var input = new InputNode("image", [8, 8, 1], new Codes(3, 1, 5));

        new ConvolutionNode("conv", input, new([1, 3, 3, 1], Ones(9), 1, 1, [0]), Window).Type.Should().Be(new Integers(0, 72));
        new ConvolutionNode("conv", input, new([1, 3, 3, 1], Ones(9), 1, 1, [0]), new([3, 3], [1, 1], [0, 0])).Type
            .Should().Be(new Integers(45, 72));
    }

    [Fact]
    public void Faults_name_the_node()
    {
        Fault(() => new ConvolutionNode("conv", Image, new([2, 3, 3, 3], Ones(54), 1, 1, [0]), Window)).Should().Contain("channels");
        Fault(() => new ConvolutionNode("conv", Image, new([2, 5, 5, 4], Ones(200), 1, 1, [0]), Window)).Should().Contain("window");
        Fault(() => new RequantizeNode("conv", Image, [new Rescale(1, 0, 0), new Rescale(1, 0, 0)], new(3))).Should().Contain("rules");
        Fault(() => new RequantizeNode("conv", Image, [new Thresholds([1, 2])], new(3))).Should().Contain("thresholds");
        Fault(() => new AddNode("conv", [Image, Image], [int.MaxValue, 1])).Should().Contain("32 bits");
        Fault(() => new ConcatNode("conv", [Image, new InputNode("other", [8, 8, 4], new Codes(15, 1, -1))], 2)).Should().Contain("grid");
        Fault(() => new SliceNode("conv", Image, 2, 3, 2)).Should().Contain("exist");
        Fault(() => new MaxPoolNode("conv", Image, new([1, 1], [1, 1], [1, 1]))).Should().Contain("element in every place");
        Fault(() => new LookupNode("conv", Image, new Codes(3), [.. Enumerable.Range(0, 16)])).Should().Contain("numbers from 0 to 15");
        Fault(() => new PadNode("conv", Image, [0, 0, 0], [1 << 28, 1 << 28, 1], 0)).Should().Contain("elements");
        Fault(() => new ReshapeNode("conv", Image, [255])).Should().Contain("elements");
        Fault(() => new OutputNode("conv", Image)).Should().Contain("floats");
        Fault(() => new DequantizeNode("conv", Image, [double.NaN], [0])).Should().Contain("finite");
    }

    [Fact]
    public void A_model_has_its_nodes_in_order_with_names_of_their_own()
    {
        var floats = new DequantizeNode("floats", Image, [1], [0]);
        var output = new OutputNode("y", floats);

        Fault(() => new IntegerModel([floats, Image, output]), "floats").Should().Contain("not before it");
        Fault(() => new IntegerModel([Image, new InputNode("image", [1], new Codes(1)), floats, output]), "image").Should().Contain("name");
        FluentActions.Invoking(() => new IntegerModel([Image, floats])).Should().Throw<IntegerModelException>().WithMessage("*0 outputs*");
    }

    [Theory]
    [InlineData(7, -1, 0)]
    [InlineData(8, 0, 0)]
    [InlineData(14, 4, 4)]
    [InlineData(40, 24, 6)]
    [InlineData(-9, -13, 0)]
    public void A_change_of_scale_rounds_down_and_codes_are_clamped(int number, int rounded, int code)
    {
        var rescale = new Rescale(3, -24, 2);

        rescale.Apply(number).Should().Be(rounded);
        rescale.CodeOf(number, 6).Should().Be(code);
    }

    [Fact]
    public void A_code_is_how_many_thresholds_are_reached()
    {
        long[] At(Thresholds rule) => [.. Enumerable.Range(-3, 8).Select(number => rule.CodeOf(number, 3))];

        At(new([-1, 2, 2])).Should().Equal(0, 0, 1, 1, 1, 3, 3, 3);
        At(new([2, 2, -1], descending: true)).Should().Equal(3, 3, 3, 2, 2, 2, 0, 0);
    }

    private static byte[] Ones(int count) => [.. Enumerable.Repeat((byte)1, count)];

    private static string Fault(Func<object> make, string name = "conv")
    {
        var fault = FluentActions.Invoking(make).Should().Throw<IntegerModelException>().Which;
        fault.Node.Should().Be(name);
        return fault.Message;
    }
}
