using AdaQat.Checkpoints;

namespace AdaQat.Tests.Checkpoints;

/// <summary>A damaged file is refused by name, whichever byte is damaged and however.</summary>
public sealed class SafeTensorsDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;
    private readonly byte[] _intact;

    public SafeTensorsDamageTests()
    {
        using var weight = torch.tensor(new[] { 0.5f, -1f, 3f });
        using var counts = torch.tensor(new long[] { 7, 9 });
        _file = _folder.In("small.safetensors");
        SafeTensorsFile.Write(
            _file,
            new Dictionary<string, torch.Tensor> { ["weight"] = weight, ["counts"] = counts },
            new Dictionary<string, string> { ["épòque"] = "3" });
        _intact = File.ReadAllBytes(_file);
    }

    [Fact]
    public void A_flip_of_any_bit_is_noticed()
    {
        for (var i = 0; i < _intact.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = _intact.ToArray();
                damaged[i] ^= (byte)(1 << bit);
                ShouldBeRefused(damaged, $"bit {bit} of byte {i} is flipped");
            }
        }
    }

    [Fact]
    public void A_truncation_at_any_length_is_noticed()
    {
        for (var length = 0; length < _intact.Length; length++) ShouldBeRefused(_intact[..length], $"only {length} bytes are left");
    }

    [Fact]
    public void Appended_bytes_are_noticed()
    {
        ShouldBeRefused([.. _intact, 0], "a byte was appended");
        ShouldBeRefused([.. _intact, .. _intact], "the file was appended to itself");
    }

    [Fact]
    public void Swapped_tensor_data_are_noticed()
    {
        var damaged = _intact.ToArray();
        damaged.AsSpan(damaged.Length - 8).Reverse();

        ShouldBeRefused(damaged, "values were swapped");
    }

    [Fact]
    public void The_error_tells_what_was_expected_and_what_was_found()
    {
        File.WriteAllBytes(_file, _intact[..^3]);
        _file.Invoking(SafeTensorsFile.Open).Should().Throw<CheckpointException>()
            .WithMessage($"*{_file}*has 25 bytes of tensor data; expected are 28*");

        var flipped = _intact.ToArray();
        flipped[^1] ^= 1;
        File.WriteAllBytes(_file, flipped);
        _file.Invoking(SafeTensorsFile.Open).Should().Throw<CheckpointException>().WithMessage($"*{_file}*checksum*expected*");
    }

    [Fact]
    public void A_header_length_beyond_all_bounds_is_noticed()
    {
        var damaged = _intact.ToArray();
        damaged.AsSpan(0, 8).Fill(0xff);

        ShouldBeRefused(damaged, "the header's length is 2^64 - 1");
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_IO_error()
    {
        _folder.In("missing").Invoking(SafeTensorsFile.Open).Should().Throw<FileNotFoundException>().WithMessage("*missing*");
    }

    [Fact]
    public void A_refused_file_is_closed_again()
    {
        File.WriteAllBytes(_file, []);
        _file.Invoking(SafeTensorsFile.Open).Should().Throw<CheckpointException>();

        using var exclusive = new FileStream(_file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        exclusive.CanWrite.Should().BeTrue();
    }

    [Fact]
    public void What_the_file_does_not_hold_is_refused_by_name()
    {
        using var opened = SafeTensorsFile.Open(_file);
        using var half = torch.zeros(3, dtype: torch.float16);
        using var longer = torch.zeros(4);

        opened.Invoking(o => o.ReadTensor("bias")).Should().Throw<CheckpointException>().WithMessage($"*{_file}*'bias'*");
        opened.Invoking(o => o.CopyTo("weight", half)).Should().Throw<CheckpointException>()
            .WithMessage("*'weight'*Float32[3]*Float16[3]*");
        opened.Invoking(o => o.CopyTo("weight", longer)).Should().Throw<CheckpointException>().WithMessage("*Float32[3]*Float32[4]*");
        longer.data<float>().ToArray().Should().Equal(0, 0, 0, 0);
    }

    public void Dispose() => _folder.Dispose();

    private void ShouldBeRefused(byte[] bytes, string because)
    {
        File.WriteAllBytes(_file, bytes);
        try
        {
            using var opened = SafeTensorsFile.Open(_file);
        }
        catch (CheckpointException error) when (error.Message.Contains(_file, StringComparison.Ordinal))
        {
            return;
        }
        Assert.Fail($"Although {because}, the file was accepted.");
    }
}
