using AdaQat.Tests.Support.Sample;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class CifarBinaryReaderTests : IDisposable
{
    private const int RecordCount = 5;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Labels_and_pixels_are_read_in_order_across_files()
    {
        var first = Write("a.bin", CifarFiles.Records(RecordCount));
        var second = Write("b.bin", CifarFiles.Records(RecordCount, shift: 3));

        var images = CifarBinaryReader.Read([first, second], RecordCount);

        images.Count.Should().Be(2 * RecordCount);
        images.Labels.ToArray().Should().Equal(0, 1, 2, 3, 4, 3, 4, 5, 6, 7);
        for (var pixel = 0; pixel < ImageShape.Size; pixel += 17)
        {
            images.Image(2)[pixel].Should().Be(CifarFiles.Pixel(2, pixel));
            images.Image(RecordCount + 4)[pixel].Should().Be(CifarFiles.Pixel(4, pixel, shift: 3));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(CifarFormat.RecordSize)]
    [InlineData(2 * CifarFormat.RecordSize + 100)]
    [InlineData(RecordCount * CifarFormat.RecordSize - 1)]
    public void A_truncated_file_is_refused_by_name_and_offset(int length)
    {
        var file = Write("short.bin", CifarFiles.Records(RecordCount)[..length]);

        var fault = Assert.Throws<CifarFormatException>(() => CifarBinaryReader.Read([file], RecordCount));

        fault.File.Should().Be(file);
        fault.Offset.Should().Be(length);
        fault.Value.Should().Be(length);
        fault.Message.Should().Contain(file).And.Contain("truncated").And.Contain($"offset {length}")
            .And.Contain($"{RecordCount * CifarFormat.RecordSize} bytes");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(CifarFormat.RecordSize)]
    public void An_oversized_file_is_refused_by_name_and_offset(int excess)
    {
        const int Expected = RecordCount * CifarFormat.RecordSize;
        var file = Write("long.bin", [.. CifarFiles.Records(RecordCount), .. new byte[excess]]);

        var fault = Assert.Throws<CifarFormatException>(() => CifarBinaryReader.Read([file], RecordCount));

        fault.Offset.Should().Be(Expected);
        fault.Value.Should().Be(Expected + excess);
        fault.Message.Should().Contain(file).And.Contain("oversized").And.Contain($"{excess} too many");
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(3, 255)]
    public void A_label_above_nine_is_refused_by_offset_and_value(int record, byte label)
    {
        var bytes = CifarFiles.Records(RecordCount);
        bytes[record * CifarFormat.RecordSize] = label;
        var file = Write("labels.bin", bytes);

        var fault = Assert.Throws<CifarFormatException>(() => CifarBinaryReader.Read([file], RecordCount));

        fault.Offset.Should().Be(record * CifarFormat.RecordSize);
        fault.Value.Should().Be(label);
        fault.Message.Should().Contain($"label {label} at offset {record * CifarFormat.RecordSize} (record {record})");
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_name()
    {
        var file = _folder.In("absent.bin");

        var fault = Assert.Throws<SampleException>(() => CifarBinaryReader.Read([file], RecordCount));

        fault.Message.Should().Contain(file);
        fault.ExitCode.Should().Be(ExitCode.Failure);
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.In(name), bytes);
        return _folder.In(name);
    }
}
