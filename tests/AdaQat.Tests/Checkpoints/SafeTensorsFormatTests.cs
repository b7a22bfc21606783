using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AdaQat.Checkpoints;

namespace AdaQat.Tests.Checkpoints;

/// <summary>The file's layout, byte by byte, and the refusal of headers that do not describe their data.</summary>
public sealed class SafeTensorsFormatTests : IDisposable
{
    private const string Digits = "164a7c440c56a8e1e2c04bfcfadf19efb8d884aacf9f0efe488fafed9766f574";

    private const string Header =
        "{\"__metadata__\":{\"adaqat.sha256\":\"" + Digits + "\",\"epoch\":\"12\"},"
        + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
        + "\"flags\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[8,11]}}       ";

    private static readonly byte[] Data = [0x00, 0x00, 0xc0, 0x3f, 0x00, 0x00, 0x00, 0xc0, 1, 0, 1];

    private static readonly string Blank = new('0', 64);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var weight = torch.tensor(new[] { 1.5f, -2f }).reshape(2, 1);
        using var flags = torch.tensor(new[] { true, false, true });
        var file = _folder.In("written");

        SafeTensorsFile.Write(
            file,
            new Dictionary<string, torch.Tensor> { ["flags"] = flags, ["weight"] = weight },
            new Dictionary<string, string> { ["epoch"] = "12" });

        File.ReadAllBytes(file).Should().Equal(Golden());
    }

    [Fact]
    public void A_file_written_by_hand_is_read()
    {
        using var opened = SafeTensorsFile.Open(Store(Golden()));

        opened.Metadata.Should().Equal(new Dictionary<string, string> { ["epoch"] = "12" });
        opened.Entries.Select(entry => entry.Name).Should().Equal("weight", "flags");
        opened.Entries.Select(entry => entry.Dtype).Should().Equal(torch.float32, torch.@bool);
        opened.Entries[0].Shape.Should().Equal(2, 1);
        using var weight = opened.ReadTensor("weight");
        weight.data<float>().ToArray().Should().Equal(1.5f, -2f);
        using var flags = opened.ReadTensor("flags");
        flags.data<bool>().ToArray().Should().Equal(true, false, true);
    }

    [Fact]
    public void The_data_begin_at_a_multiple_of_eight_bytes()
    {
        using var tensor = torch.ones(3);
        for (var length = 0; length < 9; length++)
        {
            var file = _folder.In("aligned");
            SafeTensorsFile.Write(
                file,
                new Dictionary<string, torch.Tensor> { ["t"] = tensor },
                new Dictionary<string, string> { ["x"] = new('x', length) });

            (BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(file)) % 8).Should().Be(0);
        }
    }

    // With single quotes for double ones, for legibility.
    public static TheoryData<string, string> WrongHeaders() => new()
    {
        { "'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}", "12*8" },
        { "'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}", "*8*12" },
        { "'a':{'dtype':'F32','shape':[3],'data_offsets':[4,16]}", "*begin at 4*0" },
        { "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}", "*begin at 4*8" },
        { "'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]},'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}", "*a*" },
        { "'a':{'dtype':'F31','shape':[3],'data_offsets':[0,12]}", "*F31*F32*" },
        { "'a':{'dtype':32,'shape':[3],'data_offsets':[0,12]}", "*tensor 'a'*" },
        { "'a':{'dtype':'F32','shape':[-3],'data_offsets':[0,12]}", "*-3*" },
        { "'a':{'dtype':'F32','shape':[3.5],'data_offsets':[0,12]}", "*3.5*" },
        { "'a':{'dtype':'F32','shape':3,'data_offsets':[0,12]}", "*shape*" },
        { "'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,12]}", "*12*" },
        { "'a':{'dtype':'F32','shape':[3],'data_offsets':[12,0]}", "*12, 0*" },
        { "'a':{'dtype':'F32','shape':[3],'data_offsets':[0]}", "*begin and an end*" },
        { "'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12],'extra':1}", "*tensor 'a'*" },
        { "'a':[3]", "*tensor 'a'*" },
        { "'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}x{", "*well-formed*" },
    };

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public void A_header_that_does_not_describe_its_data_is_refused_although_its_checksum_is_right(string entries, string message)
    {
        var file = Store(Sealed($"{{'__metadata__':{{'adaqat.sha256':'{Blank}'}},{entries}}}", new byte[12]));

        var open = () => SafeTensorsFile.Open(file);

        open.Should().Throw<CheckpointException>().WithMessage($"*{file}*{message}*");
    }

    [Fact]
    public void Metadata_that_are_not_text_are_refused()
    {
        var file = Store(Sealed($"{{'__metadata__':{{'adaqat.sha256':'{Blank}','n':3}}}}", []));

        file.Invoking(SafeTensorsFile.Open).Should().Throw<CheckpointException>().WithMessage("*'n' is Number*");
    }

    [Fact]
    public void A_file_of_another_origin_is_refused_for_want_of_a_checksum()
    {
        var header = Encoding.UTF8.GetBytes("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
        var bytes = new byte[8 + header.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);

        Store(bytes).Invoking(SafeTensorsFile.Open).Should().Throw<CheckpointException>().WithMessage("*adaqat.sha256*");
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Golden() => [.. BitConverter.GetBytes((long)Header.Length), .. Encoding.ASCII.GetBytes(Header), .. Data];

    private static byte[] Sealed(string legibleHeader, byte[] data)
    {
        var header = legibleHeader.Replace('\'', '"');
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. data];
        var digits = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Encoding.ASCII.GetBytes(digits).CopyTo(bytes, 8 + header.IndexOf(Blank, StringComparison.Ordinal));
        return bytes;
    }

    private string Store(byte[] bytes)
    {
        var file = _folder.In("stored");
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
