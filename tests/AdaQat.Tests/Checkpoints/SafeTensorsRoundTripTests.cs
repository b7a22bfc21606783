using AdaQat.Checkpoints;

namespace AdaQat.Tests.Checkpoints;

/// <summary>What was written comes back: every element type, every kind of shape, and the text.</summary>
public sealed class SafeTensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public static TheoryData<torch.ScalarType> Types() =>
    [
        torch.float64, torch.float32, torch.float16, torch.bfloat16,
        torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.@bool,
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_element_type_comes_back_bit_for_bit(torch.ScalarType type)
    {
        var values = torch.tensor(new[] { 0.0, 1, 100.3, 0.015625, 77, 3 }).to(type).reshape(2, 3);

        var back = RoundTrip(values);

        back.dtype.Should().Be(type);
        back.shape.Should().Equal(2, 3);
        back.bytes.ToArray().Should().Equal(values.bytes.ToArray());
    }

    [Fact]
    public void Special_floats_come_back_bit_for_bit()
    {
        var values = torch.tensor(new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon, float.MaxValue });

        RoundTrip(values).bytes.ToArray().Should().Equal(values.bytes.ToArray());
    }

    [Fact]
    public void Strided_tensors_are_written_in_the_order_of_their_shape()
    {
        var whole = torch.arange(24, dtype: torch.float32).reshape(4, 6);
        var tensors = new Dictionary<string, torch.Tensor>
        {
            ["transposed"] = whole.t(),
            ["columns"] = whole.narrow(1, 1, 3),
            ["expanded"] = whole.narrow(0, 2, 1).expand(3, 6),
        };
        var file = Write(tensors);

        using var opened = SafeTensorsFile.Open(file);
        foreach (var (name, tensor) in tensors)
        {
            var back = opened.ReadTensor(name);
            back.shape.Should().Equal(tensor.shape);
            Same(back, tensor).Should().BeTrue(name);
        }
    }

    [Fact]
    public void Scalars_and_empty_tensors_come_back()
    {
        var file = Write(new()
        {
            ["scalar"] = torch.tensor(3.25),
            ["empty"] = torch.empty([0], torch.int64),
            ["emptier"] = torch.empty([2, 0, 3], torch.float32),
            ["last"] = torch.empty([0], torch.uint8),
        });

        using var opened = SafeTensorsFile.Open(file);
        opened.ReadTensor("scalar").shape.Should().BeEmpty();
        opened.ReadTensor("scalar").ToDouble().Should().Be(3.25);
        opened.ReadTensor("empty").shape.Should().Equal(0);
        opened.ReadTensor("emptier").shape.Should().Equal(2, 0, 3);
        opened.ReadTensor("last").dtype.Should().Be(torch.uint8);
    }

    [Fact]
    public void Parameters_are_written_by_value_and_read_in_place()
    {
        var source = torch.nn.Parameter(torch.tensor(new[] { 1.0, 2.0 }));
        var target = torch.nn.Parameter(torch.zeros(2, dtype: torch.float64));
        var file = Write(new() { ["w"] = source });

        using var opened = SafeTensorsFile.Open(file);
        opened.CopyTo("w", target);

        target.requires_grad.Should().BeTrue();
        Same(target, source).Should().BeTrue();
    }

    [Fact]
    public void A_tensor_longer_than_a_piece_comes_back()
    {
        var values = torch.arange(9_000_001, dtype: torch.int32);

        Same(RoundTrip(values), values).Should().BeTrue();
    }

    [Fact]
    public void Text_and_names_of_any_kind_come_back()
    {
        var metadata = new Dictionary<string, string>
        {
            ["note"] = "\"quoted\", \\ and \n, Ünïcode, 日本, 😀, \0",
            [""] = "",
            ["w"] = "also a tensor's name",
        };
        var file = Write(new() { ["w"] = torch.zeros(1), ["層.\"1\""] = torch.ones(1) }, metadata);

        using var opened = SafeTensorsFile.Open(file);
        opened.Metadata.Should().Equal(metadata);
        opened.Entries.Select(entry => entry.Name).Should().BeEquivalentTo("w", "層.\"1\"");
        opened.ReadTensor("層.\"1\"").ToSingle().Should().Be(1);
    }

    [Fact]
    public void Nothing_at_all_comes_back()
    {
        using var opened = SafeTensorsFile.Open(Write([]));

        opened.Entries.Should().BeEmpty();
        opened.Metadata.Should().BeEmpty();
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        var a = torch.ones(3);
        var b = torch.zeros(2, dtype: torch.int64);
        var one = Write(new() { ["a"] = a, ["b"] = b }, new() { ["x"] = "1", ["y"] = "2" }, "one");
        var other = Write(new() { ["b"] = b, ["a"] = a }, new() { ["y"] = "2", ["x"] = "1" }, "other");

        File.ReadAllBytes(other).Should().Equal(File.ReadAllBytes(one));
    }

    [Fact]
    public void Reading_and_writing_leave_no_tensors_behind()
    {
        var tensor = torch.ones(3, 4).t();
        var target = torch.zeros(4, 3);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var file = Write(new() { ["t"] = tensor });
        using var opened = SafeTensorsFile.Open(file);
        opened.ReadTensor("t").Dispose();
        opened.CopyTo("t", target);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(before);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static bool Same(torch.Tensor left, torch.Tensor right) => left.eq(right).all().ToBoolean();

    private torch.Tensor RoundTrip(torch.Tensor tensor)
    {
        using var opened = SafeTensorsFile.Open(Write(new() { ["tensor"] = tensor }));
        return opened.ReadTensor("tensor");
    }

    private string Write(Dictionary<string, torch.Tensor> tensors, Dictionary<string, string>? metadata = null, string name = "file")
    {
        var file = _folder.In(name);
        SafeTensorsFile.Write(file, tensors, metadata ?? []);
        return file;
    }
}
