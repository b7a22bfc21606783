using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FluentAssertions;
using Xunit;

namespace AdaQat.Tests.Runtime;

public sealed class IntegerModelFileTests
{
    [Fact]
    public void What_is_read_is_written_again_byte_by_byte_and_computes_the_same()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var original = seed % 2 == 0 ? RandomIntegerModel.Graph(seed) : RandomIntegerModel.Layer(seed, (seed % 8) + 1, 4);
            var file = Written(original);

            var read = IntegerModel.Load(new MemoryStream(file));

            Written(read).Should().Equal(file);
            var image = RandomIntegerModel.Images(original, seed);
            IntegerRuns.Same(IntegerRuns.Reference(read, image), IntegerRuns.Reference(original, image)).Should().BeTrue();
        }
    }

    [Fact]
    public void A_file_on_disk_is_replaced_whole()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "net.adaq");
            RandomIntegerModel.Graph(1).Save(path);
            RandomIntegerModel.Graph(2).Save(path);

            Written(IntegerModel.Load(path)).Should().Equal(File.ReadAllBytes(path)).And.Equal(Written(RandomIntegerModel.Graph(2)));
            Directory.GetFiles(folder.FullName).Should().Equal(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Beside_codes_and_tables_a_file_has_16_bytes_a_channel_and_reader_128_a_node_and_4_KB_at_most()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var model = RandomIntegerModel.Graph(seed);

            model.Bytes.File.Should().Be(Written(model).Length);
            FileBounds.Beside(model).Should().BeLessThanOrEqualTo(FileBounds.Most(model));
        }
    }

    [Fact]
    public void Weights_take_their_bits()
    {
        var weights = new IntegerWeights([64, 3, 3, 64], new byte[36864], 3, 2, [-7]);
        var input = new InputNode("x", [8, 8, 64], new Codes(15));
        var sums = new ConvolutionNode("conv", input, weights, new([3, 3], [1, 1], [1, 1]));
        var floats = new DequantizeNode("floats", sums, [1], [0]);

        new IntegerModel([input, sums, floats, new OutputNode("y", floats)]).Bytes.WeightCodes.Should().Be(36864 * 3 / 8);
    }

    [Fact]
    public void Codes_of_every_width_are_packed_and_unpacked()
    {
        var random = new Random(1);
        for (var bits = 1; bits <= 8; bits++)
        {
            for (var count = 0; count < 40; count++)
            {
                byte[] codes = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(1 << bits))], again = new byte[count];
                var packed = new byte[BitPacking.Bytes(count, bits)];

                BitPacking.Pack(codes, bits, packed);
                BitPacking.Unpack(packed, bits, again);

                again.Should().Equal(codes);
            }
        }
    }

    [Fact]
    public void Ten_thousand_damaged_files_are_refused_and_those_with_a_right_checksum_do_no_harm()
    {
        var originals = Enumerable.Range(0, 100).Select(MutatedFiles.Original).ToList();
        var random = new Random(11);
        var ran = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var file = MutatedFiles.Mutated(originals[random.Next(originals.Count)], random);

            MutatedFiles.IsRead(file, out _).Should().BeFalse("mutation {0} is another file", i);
            var isModel = MutatedFiles.IsRead(MutatedFiles.Sealed(file), out var allocated);
            allocated.Should().BeLessThan((256 * file.Length) + (1 << 20));
            ran += isModel && MutatedFiles.Runs(file) ? 1 : 0;
        }

        ran.Should().BeGreaterThan(100, "some changes leave a model");
    }

    [Theory]
    [InlineData(0, "no integer model")]
    [InlineData(8, "version is 254")]
    [InlineData(12, "bytes follow its header")]
    [InlineData(20, "checksum")]
    [InlineData(30, "checksum")]
    public void A_file_that_is_damaged_foreign_or_later_is_refused_by_what_is_wrong(int place, string message)
    {
        var file = Written(RandomIntegerModel.Graph(4));
        file[place] = (byte)~file[place];

        FluentActions.Invoking(() => IntegerModel.Load(new MemoryStream(file))).Should().Throw<IntegerModelException>()
            .WithMessage($"*{message}*");
    }

    [Fact]
    public void Files_made_to_allocate_stay_within_what_is_said()
    {
        var deep = Sealed(writer =>
        {
            writer.Unsigned(20_000L);
            Input(writer, "x", 1, 1, 1, 1, 1, 1, 1, 1);
            for (var i = 1; i < 20_000; i++)
            {
                writer.Byte((byte)NodeKind.Reshape);
                writer.Text($"{(char)(i % 90)}{(char)(i / 90)}");
                writer.Unsigned(1L);
                writer.Each([1]);
            }
        });
        var wide = Sealed(writer =>
        {
            writer.Unsigned(3L);
            Input(writer, "x", 1, 1, 1, 1, 1, 1, 1, 1);
            foreach (var kind in (NodeKind[])[NodeKind.Concat, NodeKind.Add])
            {
                writer.Byte((byte)kind);
                writer.Text($"{kind}");
                writer.Unsigned(100_000L);
                writer.Bytes(Enumerable.Repeat((byte)1, 100_000).ToArray());
                writer.Bytes(new byte[kind == NodeKind.Concat ? 1 : 100_001]);
            }
        });
        var promising = Sealed(writer =>
        {
            writer.Unsigned(2L);
            Input(writer, "x", 1 << 27);
            writer.Byte((byte)NodeKind.Linear);
            writer.Text("y");
            writer.Unsigned(1L);
            writer.Each([1, 1 << 27]);
            writer.Bytes([1, 1, 1]);
        });

        foreach (var file in (byte[][])[deep, wide, promising])
        {
            MutatedFiles.IsRead(file, out var allocated).Should().BeFalse();
            allocated.Should().BeLessThan((256L * file.Length) + (1 << 20));
        }
    }

    private static void Input(ByteWriter writer, string name, params long[] sizes)
    {
        writer.Byte((byte)NodeKind.Input);
        writer.Text(name);
        writer.Each(sizes);
        writer.Bytes([1, 1, 1, 0, 0]);
    }

    private static byte[] Sealed(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        writer.Bytes(new byte[FileFormat.HeaderBytes]);
        write(writer);
        return MutatedFiles.Sealed(writer.Written.ToArray());
    }

    private static byte[] Written(IntegerModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
