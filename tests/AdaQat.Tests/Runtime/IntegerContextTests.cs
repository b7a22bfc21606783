using AdaQat.Graph;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FluentAssertions;
using Xunit;

namespace AdaQat.Tests.Runtime;

public sealed class IntegerContextTests
{
    [Fact]
    public void A_run_allocates_nothing()
    {
        var model = Small();
        using var context = model.CreateContext(3);
        var (input, output) = (new float[3 * 48], new float[3 * 5]);
        context.Run(input, output);
        model.Run(input, output);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
        {
            context.Run(input, output);
            model.Run(input, output);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Images_of_a_batch_give_what_each_gives_alone_on_any_number_of_threads(int threads)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = RandomIntegerModel.Graph(seed);
            var images = Enumerable.Range(0, 7).Select(i => RandomIntegerModel.Images(model, i)).ToArray();
            using var context = model.CreateContext(7, threads);

            foreach (var count in (int[])[7, 2, 1])
            {
                var made = IntegerRuns.Context(model, context, images[..count]);
                for (var i = 0; i < count; i++)
                {
                    IntegerRuns.Same(made[i], IntegerRuns.Reference(model, images[i])).Should().BeTrue();
                }
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_single_image_gives_the_same_bits_on_several_threads_whatever_of_it_they_share(int threads)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var model = seed % 2 == 0 ? RandomIntegerModel.Wide(seed) : RandomIntegerModel.Graph(seed);
            var image = RandomIntegerModel.Images(model, seed);
            using var alone = model.CreateContext();
            using var shared = model.CreateContext(KernelKinds.Best, 2, threads, worthSharing: 0);
            var expected = IntegerRuns.Context(model, alone, image)[0];

            for (var run = 0; run < 5; run++)
            {
                IntegerRuns.Same(IntegerRuns.Context(model, shared, image)[0], expected).Should().BeTrue("seed {0}, run {1}", seed, run);
            }

            IntegerRuns.Same(IntegerRuns.Context(model, shared, image, image)[1], expected).Should().BeTrue("a batch shares no values");
        }
    }

    [Fact]
    public void A_run_whose_image_threads_share_allocates_nothing()
    {
        var model = RandomIntegerModel.Wide(1);
        using var context = model.CreateContext(KernelKinds.Best, 1, 2, worthSharing: 0);
        var image = RandomIntegerModel.Images(model, 1);
        IntegerRuns.Context(model, context, image);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            context.Run(1);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public async Task Threads_run_a_model_at_once_each_with_its_own_context_or_none()
    {
        var model = Small();
        var input = Enumerable.Range(0, 48).Select(i => (i - 24) / 20f).ToArray();
        var expected = new float[5];
        model.Run(input, expected);

        var runs = Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            using var context = model.CreateContext();
            var output = new float[5];
            for (var i = 0; i < 200; i++)
            {
                if (thread % 2 == 0)
                {
                    context.Run(input, output);
                }
                else
                {
                    model.Run(input, output);
                }

                output.Should().Equal(expected);
            }
        }));

        await Task.WhenAll(runs);
    }

    [Fact]
    public void Numbers_that_are_no_whole_images_are_refused()
    {
        using var context = Small().CreateContext(2);

        foreach (var (given, taken) in ((int, int)[])[(47, 5), (48, 4), (0, 0), (3 * 48, 15), (96, 5)])
        {
            context.Invoking(each => each.Run(new float[given], new float[taken])).Should().Throw<IntegerModelException>()
                .WithMessage("*allowed are 48 and 5 for each of 1 to 2 images*");
        }
    }

    [Fact]
    public void A_byte_above_the_largest_code_is_refused_by_the_inputs_name()
    {
        var input = new InputNode("image", [4], new Codes(15));
        var floats = new DequantizeNode("floats", input, [1], [0]);
        var model = new IntegerModel([input, floats, new OutputNode("y", floats)]);

        model.Invoking(each => each.Run((byte[])[1, 2, 16, 4], new float[4])).Should().Throw<IntegerModelException>()
            .WithMessage("Node 'image': byte 2 of the input is 16; allowed are 0 to 15.");
    }

    [Fact]
    public void Bytes_for_an_input_of_floats_are_refused()
    {
        Small().Invoking(each => each.Run(new byte[48], new float[5])).Should().Throw<IntegerModelException>().WithMessage("*FloatInput*");
    }

    [Fact]
    public void A_part_in_float_is_computed_as_its_graph_says()
    {
        var g = new GraphBuilder("island");
        var x = g.Input("x", [1, 4, 3]);
        g.Output("y", g.Softmax(x, 2));
        var input = new InputNode("x", [4, 3], new Floats(), channelsFirst: false);
        var island = new IslandNode("softmax", [input], g.Build());
        var model = new IntegerModel([input, island, new OutputNode("y", island, channelsFirst: false)]);
        float[] numbers = [.. Enumerable.Range(0, 12).Select(i => i / 7f)];
        var output = new float[12];

        model.Run(numbers, output);

        output.Should().Equal(new GraphInterpreter(island.Graph).Run(GraphTensor.Of([1, 4, 3], numbers))[0].AsFloat32().ToArray());
    }

    [Fact]
    public void Values_that_are_needed_at_one_time_have_places_of_their_own()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 200; trial++)
        {
            var slots = Enumerable.Range(0, 12).Select(_ =>
            {
                var (slot, first) = (new Slot(random.Next(1, 999)), random.Next(10));
                slot.Use(first);
                slot.Use(first + random.Next(5));
                return slot;
            }).ToList();

            var size = MemoryPlan.Place(slots);

            size.Should().BeLessThanOrEqualTo(slots.Sum(slot => slot.Room));
            foreach (var (a, b) in slots.SelectMany((a, i) => slots.Skip(i + 1).Select(b => (a, b))))
            {
                (a.Last < b.First || b.Last < a.First || a.Offset + a.Room <= b.Offset || b.Offset + b.Room <= a.Offset).Should().BeTrue();
            }
        }
    }

    private static IntegerModel Small()
    {
        var random = new Random(1);
        byte[] Random(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(16))];
        var input = new InputNode("image", [4, 4, 3], new Floats());
        var codes = new QuantizeNode("codes", input, new Codes(7, 1, -3), [-1, -0.6f, -0.2f, 0.2f, 0.6f, 1, 2]);
        var sums = new ConvolutionNode("conv", codes, new([5, 3, 3, 3], Random(135), 4, 2, [-15]), new([3, 3], [1, 1], [1, 1]));
        var inner = new RequantizeNode("inner", sums, [new Rescale(1 << 20, 1L << 26, 24)], new Codes(15));
        var pool = new SumPoolNode("pool", inner, new([4, 4], [1, 1], [0, 0]));
        var floats = new DequantizeNode("floats", pool, [0.5], [0]);
        return new([input, codes, sums, inner, pool, floats, new OutputNode("y", floats)]);
    }
}
