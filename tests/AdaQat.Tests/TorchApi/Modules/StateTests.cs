using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Taking a module's state out, putting it in, and the file it is kept in.</summary>
public sealed class StateTests
{
    [Fact]
    public void A_saved_module_loads_into_another_of_its_kind()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        using var source = new ResidualNetwork();
        using var target = new ResidualNetwork();
        source.call(rand(2, 2, 5, 5));

        source.save(new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true));
        stream.Position = 0;
        target.load(new BinaryReader(stream));

        var expected = source.state_dict();
        foreach (var (name, value) in target.state_dict()) value.allclose(expected[name], 0, 0).Should().BeTrue("{0} was saved", name);
        expected["norm.num_batches_tracked"].item<long>().Should().Be(1);
    }

    [Fact]
    public void A_file_holds_the_count_and_then_names_types_shapes_and_bytes()
    {
        using var module = Linear(2, 1);
        using (no_grad())
        {
            module.weight!.copy_(tensor(new[] { 1.5f, -2f }).reshape(1, 2));
            module.bias!.fill_(0.25f);
        }
        using var stream = new MemoryStream();

        module.save(stream);

        const byte count = 2, float32 = 6;
        byte[] expected =
        [
            count,
            6, .. "weight"u8, float32, 2, 1, 2, .. Bytes(1.5f), .. Bytes(-2f),
            4, .. "bias"u8, float32, 1, 1, .. Bytes(0.25f),
        ];
        stream.ToArray().Should().Equal(expected);
    }

    [Fact]
    public void Sizes_above_127_are_written_in_groups_of_seven_bits()
    {
        using var module = Linear(300, 1, hasBias: false);
        using var stream = new MemoryStream();

        module.save(stream);

        const byte low = 0x80 | (300 & 0x7f), high = 300 >> 7;
        byte[] head = [1, 6, .. "weight"u8, 6, 2, 1, low, high];
        stream.ToArray().Should().StartWith(head).And.HaveCount(head.Length + 4 * 300);
    }

    [Fact]
    public void A_module_round_trips_through_a_file_of_that_name()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var source = BatchNorm2d(3);
            using var target = BatchNorm2d(3);
            source.running_mean!.fill_(2);
            source.save(path);
            target.load(path).Should().BeSameAs(target);
            target.running_mean!.data<float>().ToArray().Should().Equal(2, 2, 2);
        }
        finally
        {
            File.Delete(path);
        }
        var missing = () => Linear(1, 1).load(path);
        missing.Should().Throw<FileNotFoundException>();
    }

    [Fact]
    public void Strict_loading_refuses_another_modules_file_and_lenient_loading_takes_what_fits()
    {
        using var source = Linear(2, 2);
        using var narrow = Linear(2, 2, hasBias: false);
        using var stream = new MemoryStream();
        source.save(new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true));

        stream.Position = 0;
        narrow.Invoking(m => m.load(new BinaryReader(stream))).Should().Throw<ArgumentException>();

        stream.Position = 0;
        var found = new Dictionary<string, bool>();
        narrow.load(new BinaryReader(stream), strict: false, loadedParameters: found);

        found.Should().BeEquivalentTo(new Dictionary<string, bool> { ["weight"] = true, ["bias"] = false });
        narrow.weight!.allclose(source.weight!, 0, 0).Should().BeTrue();
    }

    [Fact]
    public void Skipped_names_are_neither_saved_nor_loaded()
    {
        using var source = Linear(2, 2);
        using var target = Linear(2, 2);
        using var stream = new MemoryStream();
        using var before = target.bias!.clone();
        source.save(new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true));

        stream.Position = 0;
        target.load(new BinaryReader(stream), skip: ["bias"]);

        target.weight!.allclose(source.weight!, 0, 0).Should().BeTrue();
        target.bias!.allclose(before, 0, 0).Should().BeTrue();
        using var shorter = new MemoryStream();
        source.save(shorter, ["weight"]);
        shorter.ToArray()[0].Should().Be(1);
    }

    [Fact]
    public void Loading_a_state_copies_it_into_the_tensors_that_are_there()
    {
        using var source = Linear(2, 2);
        using var target = Linear(2, 2);
        var weight = target.weight!;

        var (missing, unexpected) = target.load_state_dict(source.state_dict());

        missing.Should().BeEmpty();
        unexpected.Should().BeEmpty();
        target.weight.Should().BeSameAs(weight);
        weight.allclose(source.weight!, 0, 0).Should().BeTrue();
        weight.requires_grad.Should().BeTrue();
    }

    [Fact]
    public void Loading_a_state_says_what_is_missing_and_what_is_too_much()
    {
        using var module = Linear(2, 2);
        var state = module.state_dict();
        state.Remove("bias");
        state["more"] = ones(1);

        module.Invoking(m => m.load_state_dict(state)).Should().Throw<InvalidOperationException>();
        var (missing, unexpected) = module.load_state_dict(state, strict: false);

        missing.Should().Equal("bias");
        unexpected.Should().Equal("more");
        module.Invoking(m => m.load_state_dict(state, skip: ["bias", "more"])).Should().NotThrow();
    }

    [Fact]
    public void A_state_is_gathered_under_a_prefix_into_a_dictionary_that_is_given()
    {
        using var module = Linear(2, 2);
        var gathered = new Dictionary<string, Tensor> { ["other"] = ones(1) };

        module.state_dict(gathered, "head").Should().BeSameAs(gathered);

        gathered.Keys.Should().Equal("other", "head.weight", "head.bias");
    }

    private static byte[] Bytes(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    }
}
