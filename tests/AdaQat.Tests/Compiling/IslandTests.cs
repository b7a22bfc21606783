using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Tests.Compiling;

/// <summary>Networks of which a part stays in float.</summary>
public sealed class IslandTests
{
    public static TheoryData<string> Networks() => ["vision transformer", "many operators"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Runs_allocate_nothing_and_make_the_references_bits_on_any_number_of_threads(string name)
    {
        var (network, input) = name == "vision transformer" ? DeployedNetworks.Make(name) : ManyOperators();
        using var model = network;
        using var images = input;
        using var quantized = DeployedNetworks.Quantize(model, images, "LSQ", "8/8");
        var compiled = IntegerCompiler.Compile(quantized, images, new() { AllowFloatIslands = true });
        compiled.Nodes.OfType<IslandNode>().Count().Should().BeGreaterThan(5, "else this shows nothing");
        IReadOnlyList<Array>[] single = [.. Enumerable.Range(0, (int)images.shape[0]).Select(
            i => (IReadOnlyList<Array>)[images[i].contiguous().data<float>().ToArray()])];
        float[][][] expected = [.. single.Select(image => IntegerRuns.Reference(compiled, image))];

        foreach (var threads in (int[])[1, 2, 3])
        {
            using var context = compiled.CreateContext(single.Length, threads);
            for (var run = 0; run < 3; run++)
            {
                var made = IntegerRuns.Context(compiled, context, single);
                made.Zip(expected).Should().OnlyContain(pair => IntegerRuns.Same(pair.First, pair.Second));
                IntegerRuns.Same(IntegerRuns.Context(compiled, context, single[1])[0], expected[1]).Should().BeTrue();
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            context.Run(1);
            context.Run(single.Length);
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        }
    }

    [Fact]
    public void A_contexts_memory_has_room_for_what_islands_compute()
    {
        const int features = 1000;
        var g = new GraphBuilder("softmax");
        g.Output("y", g.Softmax(g.Input("x", [1, features]), 1));
        var input = new InputNode("x", [features], new Floats());
        var island = new IslandNode("softmax", [input], g.Build());
        var model = new IntegerModel([input, island, new OutputNode("y", island)]);

        model.PeakMemory.Should().BeGreaterThanOrEqualTo(2 * features * (sizeof(float) + sizeof(double)), "of both 32 and 64 bits");
        using var context = model.CreateContext();
        context.Bytes.Should().BeGreaterThan(model.PeakMemory);
    }

    /// <summary>A network whose layers have between them what has no form in integers.</summary>
    private static (nn.Module<Tensor, Tensor> Model, Tensor Images) ManyOperators()
    {
        manual_seed(5);
        var (first, second, last) = (nn.Conv2d(3, 8, 3, padding: 1), nn.Conv2d(8, 8, 3, padding: 1), nn.Linear(8, 4));
        var model = new Lambda(x =>
        {
            x = nn.functional.group_norm(first.call(x), 2);
            x = nn.functional.interpolate(x, scale_factor: [2.0, 2.0], mode: InterpolationMode.Bilinear, align_corners: false);
            x = nn.functional.pad(x, [1, 1, 1, 1], PaddingModes.Reflect);
            x = second.call(x.softmax(1));
            var seen = x.flatten(2);
            seen = matmul(seen, seen.transpose(1, 2)).log_softmax(2);
            return last.call(nn.functional.layer_norm(seen.sin(), [8]).amax(2));
        }, ("first", first), ("second", second), ("last", last));
        model.eval();
        return (model, randn(5, 3, 6, 6));
    }
}
