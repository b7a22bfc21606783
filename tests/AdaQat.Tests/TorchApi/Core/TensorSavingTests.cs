namespace AdaQat.Tests.TorchApi.Core;

/// <summary>TorchSharp's file format for a tensor.</summary>
public sealed class TensorSavingTests
{
    [Fact]
    public void A_saved_tensor_is_its_type_its_shape_and_its_bytes()
    {
        using var tensor = torch.tensor(new short[] { 1, -1, 256 }, new long[] { 3, 1 });
        Save(tensor).Should().Equal(2, 2, 3, 1, 1, 0, 0xFF, 0xFF, 0, 1);
    }

    [Fact]
    public void Sizes_above_127_take_more_than_one_byte()
    {
        using var tensor = torch.zeros(300, torch.uint8);
        Save(tensor).Take(4).Should().Equal(0, 1, 0xAC, 0x02);
    }

    [Fact]
    public void A_loaded_tensor_equals_the_saved_one()
    {
        using var saved = torch.randn(3, 4, 5);
        using var reader = new BinaryReader(new MemoryStream(Save(saved)));
        using var loaded = torch.Tensor.Load(reader);
        loaded.shape.Should().Equal(3, 4, 5);
        loaded.data<float>().ToArray().Should().Equal(saved.data<float>().ToArray());
    }

    [Fact]
    public void Loading_into_a_tensor_keeps_it_a_parameter()
    {
        using var saved = torch.tensor(new[] { 1f, 2f });
        using var target = torch.zeros(2, requires_grad: true);
        using var reader = new BinaryReader(new MemoryStream(Save(saved)));
        target.Load(reader);
        target.requires_grad.Should().BeTrue();
        target.data<float>().ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void Loading_into_a_tensor_of_another_shape_or_type_is_refused()
    {
        var file = Save(torch.zeros(2));
        torch.zeros(3).Invoking(target => target.Load(new BinaryReader(new MemoryStream(file)))).Should().Throw<ArgumentException>();
        torch.zeros(2, torch.int32).Invoking(target => target.Load(new BinaryReader(new MemoryStream(file)))).Should().Throw<ArgumentException>();
    }

    private static byte[] Save(torch.Tensor tensor)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
