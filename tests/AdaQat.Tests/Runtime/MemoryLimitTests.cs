using AdaQat.Graph;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FluentAssertions;
using Xunit;

namespace AdaQat.Tests.Runtime;

/// <summary>Sizes in a file cost nothing; what running such a model allocates is limited.</summary>
public sealed class MemoryLimitTests
{
    private const long Side = 1 << 14;
    private static readonly Codes Few = new(15);

    public static TheoryData<string> Shapes() =>
    [
        "convolution", "transposed", "padded", "permute", "upsample", "pad", "slice", "concat", "broadcast", "island",
        "island that reduces", "chain",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_small_file_of_huge_values_is_read_and_refused_to_run_before_anything_is_allocated(string shape)
    {
        var file = Written(Huge(shape));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var model = IntegerModel.Load(new MemoryStream(file));
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((256 * file.Length) + (1 << 20));

        before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => model.CreateContext()).Should().Throw<IntegerModelException>()
            .WithMessage($"*limit of memory is {1L << 30} bytes*WithMemoryLimit*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void What_takes_too_much_to_prepare_reports_no_peak_either()
    {
        var model = Huge("permute");

        foreach (var use in (Action[])[() => _ = model.PeakMemory, () => _ = model.WeightBytes])
        {
            use.Should().Throw<IntegerModelException>().WithMessage("*limit of memory*");
        }
    }

    [Theory]
    [InlineData(1 << 28, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Many_images_or_threads_count_too(int batch, int threads)
    {
        var model = RandomIntegerModel.Graph(1);

        FluentActions.Invoking(() => model.CreateContext(batch, threads)).Should().Throw<IntegerModelException>()
            .WithMessage($"*context for {batch} images by {threads} threads*limit of memory*");
    }

    [Fact]
    public void A_limit_is_the_models_own_and_what_was_said_is_enough()
    {
        var model = RandomIntegerModel.Layer(3, 4, 4);
        var image = RandomIntegerModel.Images(model, 3);
        using var usual = model.CreateContext(2);
        var needed = (long)MemoryBound.OfPlan(model.Nodes) + usual.Bytes + 4096;

        FluentActions.Invoking(() => model.WithMemoryLimit(needed / 2).CreateContext(2)).Should().Throw<IntegerModelException>();
        using var context = model.WithMemoryLimit(needed).CreateContext(2);

        IntegerRuns.Same(IntegerRuns.Context(model, context, image)[0], IntegerRuns.Context(model, usual, image)[0]).Should().BeTrue();
        model.MemoryLimit.Should().Be(IntegerModel.DefaultMemoryLimit).And.Be(1L << 30);
        FluentActions.Invoking(() => model.WithMemoryLimit(0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("groups")]
    [InlineData("depthwise")]
    [InlineData("nine bits")]
    [InlineData("linear")]
    [InlineData("permute")]
    [InlineData("slice")]
    [InlineData("upsample")]
    [InlineData("pad")]
    [InlineData("concat")]
    [InlineData("broadcast")]
    [InlineData("rules")]
    [InlineData("island")]
    public void No_more_is_kept_for_a_model_than_was_said(string what)
    {
        var model = Model(what);
        var bound = (long)MemoryBound.OfPlan(model.Nodes);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var context = model.CreateContext();

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        kept.Should().BeGreaterThan(100_000, "else this shows nothing").And.BeLessThanOrEqualTo(bound + context.Bytes + 65_536);
        GC.KeepAlive(model);
    }

    private static IntegerModel Model(string what)
    {
        var image = new InputNode("x", [64, 64, 32], Few);
        return what switch
        {
            "dense" => Ends(image, Convolution(image, 96, 1, 4)),
            "groups" => Ends(image, Convolution(image, 64, 16, 4)),
            "depthwise" => Ends(image, Convolution(image, 32, 32, 4)),
            "nine bits" => Ends(image, Convolution(image, 32, 1, 8)),
            "linear" => Flat(4096, x => new LinearNode("y", x, Weights([200, 4096], 3))),
            "permute" => Ends(image, new PermuteNode("y", image, [2, 0, 1])),
            "slice" => Ends(image, new SliceNode("y", image, 2, 0, 16, 2)),
            "upsample" => Ends(image, new UpsampleNode("y", image, [2, 2])),
            "pad" => Ends(image, new PadNode("y", image, [1, 1, 1], [1, 1, 1], 3)),
            "concat" => Ends(image, new ConcatNode("y", [image, image], 2)),
            "broadcast" => Broadcast(image),
            "island" => Sum(1 << 16),
            _ => Flat(1 << 16, x => new RequantizeNode("y", x, [.. Enumerable.Repeat(new Rescale(1, 0, 1), 1 << 16)], new Codes(7))),
        };
    }

    private static IntegerModel Broadcast(InputNode image)
    {
        var row = new SliceNode("row", image, 0, 0, 1);
        var sum = new AddNode("y", [image, row], [1, 1]);
        return new([image, row, sum, .. Out(sum)]);
    }

    private static ConvolutionNode Convolution(InputNode image, int outputs, int groups, int bits) => new(
        "y", image, Weights([outputs, 3, 3, 32 / groups], bits), new([3, 3], [1, 1], [1, 1]), groups);

    private static IntegerModel Flat(long features, Func<InputNode, IntegerNode> node)
    {
        var input = new InputNode("x", [features], Few);
        return Ends(input, node(input));
    }

    private static IntegerModel Huge(string shape)
    {
        var wide = new InputNode("x", [Side, Side, 1], Few);
        var small = new InputNode("x", [8, 8, 1], Few);
        return shape switch
        {
            "convolution" => Ends(wide, new ConvolutionNode("y", wide, Weights([1, 1, 1, 1], 4), new([1, 1], [1, 1], [0, 0]))),
            "transposed" => Ends(small, new TransposedConvolutionNode(
                "y", small, Weights([1, 1, 1, 1], 4), new([1, 1], [2000, 2000], [0, 0]), [0, 0])),
            "padded" => Ends(small, new ConvolutionNode("y", small, Weights([1, 1, 1, 1], 4), new([1, 1], [1, 1], [8000, 8000]))),
            "permute" => Ends(wide, new PermuteNode("y", wide, [1, 0, 2])),
            "upsample" => Ends(small, new UpsampleNode("y", small, [2000, 2000])),
            "pad" => Ends(small, new PadNode("y", small, [8000, 8000, 0], [8000, 8000, 0], 0)),
            "slice" => Ends(wide, new SliceNode("y", wide, 1, 0, Side / 2, 2)),
            "concat" => Concat(wide),
            "broadcast" => Crossed(),
            "island" => Island(reduces: false),
            "island that reduces" => Island(reduces: true),
            _ => Chain(wide),
        };
    }

    private static IntegerModel Concat(InputNode wide)
    {
        var half = new SliceNode("half", wide, 0, 0, Side / 2);
        return new([wide, half, .. Then(new ConcatNode("y", [half, half], 0))]);
    }

    /// <summary>A column and a row become a square.</summary>
    private static IntegerModel Crossed()
    {
        var line = new InputNode("x", [Side], Few);
        var (column, row) = (new ReshapeNode("column", line, [Side, 1]), new ReshapeNode("row", line, [1, Side]));
        return new([line, column, row, .. Then(new AddNode("y", [column, row], [1, 1]))]);
    }

    private static IntegerModel Island(bool reduces)
    {
        var builder = new GraphBuilder("square");
        var x = builder.Input("x", [1, Side]);
        var square = builder.Apply(new AddOperator(), [builder.Reshape(x, [1, Side, 1]), builder.Reshape(x, [1, 1, Side])])[0];
        var made = reduces ? builder.Reduce(square, Reduction.Sum, [2]) : builder.Reshape(square, [1, Side * Side]);
        var graph = builder.Output("y", made).Build();
        var input = new InputNode("x", [Side], new Floats());
        var island = new IslandNode("y", [input], graph);
        return new([input, island, new OutputNode("out", island)]);
    }

    private static IntegerModel Sum(long features)
    {
        var builder = new GraphBuilder("sum");
        var constant = builder.Constant("c", GraphTensor.Of([features], new float[features]));
        var graph = builder.Output("y", builder.Add(builder.Input("x", [1, features]), constant)).Build();
        var input = new InputNode("x", [features], new Floats());
        var island = new IslandNode("y", [input], graph);
        return new([input, island, new OutputNode("out", island)]);
    }

    private static IntegerModel Chain(InputNode wide)
    {
        var nodes = new List<IntegerNode> { wide };
        for (var i = 0; i < 8; i++)
        {
            nodes.Add(new MaxPoolNode($"pool{i}", nodes[^1], new([1, 1], [1, 1], [0, 0])));
        }

        return new([.. nodes, .. Out(nodes[^1])]);
    }

    private static IntegerWeights Weights(Shape shape, int bits) => new(
        shape, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => (byte)(i % (1 << bits)))], bits, 2, [1 - (1 << bits)]);

    private static IntegerModel Ends(InputNode input, IntegerNode node) => new([input, .. Then(node)]);

    private static IEnumerable<IntegerNode> Then(IntegerNode node) => [node, .. Out(node)];

    private static IEnumerable<IntegerNode> Out(IntegerNode node)
    {
        var floats = new DequantizeNode("float", node, [1], [0]);
        return [floats, new OutputNode("out", floats)];
    }

    private static byte[] Written(IntegerModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
