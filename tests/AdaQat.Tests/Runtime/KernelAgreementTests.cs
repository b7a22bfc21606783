using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FluentAssertions;
using Xunit;

namespace AdaQat.Tests.Runtime;

/// <summary>
/// The interpreter in 64 bits is the reference; whatever instructions are used, contexts give its numbers, bit by bit. Instructions that a
/// machine lacks can't be tried on it.
/// </summary>
public sealed class KernelAgreementTests
{
    public static TheoryData<int> Kinds() => [.. Enum.GetValues<KernelKind>().Where(KernelKinds.IsSupported).Select(kind => (int)kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_layer_of_every_pair_of_widths_gives_the_references_numbers(int kind)
    {
        for (var seed = 0; seed < 8 * 64; seed++)
        {
            var (weightBits, activationBits) = ((seed % 8) + 1, (seed / 8 % 8) + 1);
            Compare(RandomIntegerModel.Layer(seed, weightBits, activationBits), (KernelKind)kind, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_pair_of_widths_meets_every_kernel_stride_padding_group_and_dilation(int kind) =>
        KernelMatrix.Run(LayerGeometry.Some, (model, seed) => Compare(model, (KernelKind)kind, seed));

    [Fact]
    public void The_layers_that_are_tried_have_for_every_pair_of_widths_every_value_of_every_property()
    {
        for (var pair = 0; pair < 64; pair++)
        {
            var tried = LayerGeometry.Some((pair % 8) + 1, (pair / 8) + 1).ToList();
            foreach (var property in typeof(LayerGeometry).GetProperties().Where(property => property.GetMethod!.IsStatic is false
                && property.Name != "EqualityContract"))
            {
                tried.Select(property.GetValue).Distinct().Should().BeEquivalentTo(
                    LayerGeometry.All.Select(property.GetValue).Distinct(), "{0} of pair {1}", property.Name, pair);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_graph_of_nodes_of_every_kind_gives_the_references_numbers(int kind)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            Compare(RandomIntegerModel.Graph(seed), (KernelKind)kind, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Long_sums_of_large_products_give_the_references_numbers(int kind)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            Compare(RandomIntegerModel.Wide(seed), (KernelKind)kind, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Floats_at_and_beside_thresholds_become_the_references_codes(int kind)
    {
        float[][] all =
        [
            [0.5f], [0.5f, 0.5f], [-1, 0, 0, 3], [float.NegativeInfinity, 0, float.PositiveInfinity],
            [.. Enumerable.Range(0, 15).Select(i => (i + 0.5f) / 7)], [.. Enumerable.Range(0, 255).Select(i => (i - 99.5f) * 0.0173f)],
        ];
        foreach (var thresholds in all)
        {
            float[] numbers =
            [
                .. thresholds, .. thresholds.Select(MathF.BitDecrement), .. thresholds.Select(MathF.BitIncrement), 0, 1e30f, -1e30f,
                float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -0f, float.Epsilon,
            ];
            var input = new InputNode("floats", [numbers.Length], new Floats());
            var codes = new QuantizeNode("codes", input, new Codes(thresholds.Length), [.. thresholds]);
            var floats = new DequantizeNode("float", codes, [1], [0]);
            var model = new IntegerModel([input, codes, floats, new OutputNode("output", floats)]);
            using var context = model.CreateContext((KernelKind)kind, 1, 1);

            IntegerRuns.Context(model, context, (Array[])[numbers])[0][0].Should().Equal(IntegerRuns.Reference(model, [numbers])[0]);
        }
    }

    [Fact]
    public void Random_models_have_every_kind_of_node()
    {
        var kinds = typeof(IntegerNode).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(IntegerNode)));

        var met = Enumerable.Range(0, 500).SelectMany(seed => RandomIntegerModel.Graph(seed).Nodes).Select(node => node.GetType());

        kinds.Except(met).Should().BeEmpty();
    }

    [Fact]
    public unsafe void What_surrounds_the_dot_product_of_arm_gives_the_numbers_of_plain_loops()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 50; trial++)
        {
            int[] lengths = [random.Next(1, 30), random.Next(1, 9)];
            var (outputs, pixels) = (random.Next(1, 40), random.Next(1, 9));
            var layer = new DotLayer([3, 40], lengths, outputs, (_, _, _) => (sbyte)random.Next(-128, 128),
                [.. Enumerable.Range(0, outputs).Select(_ => random.Next(-99, 99))], most: 255);
            byte[] bytes = [.. Enumerable.Range(0, 400).Select(_ => (byte)random.Next(256))];
            int[] places = [.. Enumerable.Range(0, pixels).Select(_ => random.Next(300))];
            var stride = layer.Blocks * 16;
            int[] plain = new int[pixels * stride], quarters = new int[pixels * stride];
            fixed (byte* input = bytes)
            fixed (int* bases = places, first = plain, second = quarters)
            {
                PlainDots.Run(layer, input, bases, pixels, first, stride);
                QuarterDots<PlainQuarterLanes>.Run(layer, input, bases, pixels, second, stride);
            }

            quarters.Should().Equal(plain);
        }
    }

    internal static void Compare(IntegerModel model, KernelKind kind, int seed)
    {
        var images = new[] { RandomIntegerModel.Images(model, seed), RandomIntegerModel.Images(model, ~seed, areExtreme: seed % 3 == 0) };
        using var context = model.CreateContext(kind, 2, 1);
        var made = IntegerRuns.Context(model, context, images);
        for (var i = 0; i < images.Length; i++)
        {
            IntegerRuns.Same(made[i], IntegerRuns.Reference(model, images[i])).Should().BeTrue(
                "seed {0} by {1} has to give the reference's numbers; the model is {2}", seed, kind, string.Join("; ", model.Nodes));
        }
    }
}
