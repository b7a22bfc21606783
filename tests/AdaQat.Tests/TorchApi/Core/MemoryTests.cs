namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Elements on their way between .NET and torch.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void Every_element_type_comes_back_as_it_went()
    {
        RoundTrip(torch.tensor(new[] { true, false, true }), torch.@bool, new[] { true, false, true });
        RoundTrip(torch.tensor(new byte[] { 0, 128, 255 }), torch.uint8, new byte[] { 0, 128, 255 });
        RoundTrip(torch.tensor(new sbyte[] { -128, 0, 127 }), torch.int8, new sbyte[] { -128, 0, 127 });
        var shorts = new short[] { short.MinValue, 0, short.MaxValue };
        RoundTrip(torch.tensor(shorts), torch.int16, shorts);
        RoundTrip(torch.tensor(new[] { int.MinValue, 0, int.MaxValue }), torch.int32, new[] { int.MinValue, 0, int.MaxValue });
        RoundTrip(torch.tensor(new[] { long.MinValue, 0, long.MaxValue }), torch.int64, new[] { long.MinValue, 0, long.MaxValue });
        var singles = new[] { -0f, float.Epsilon, float.PositiveInfinity };
        RoundTrip(torch.tensor(singles), torch.float32, singles);
        RoundTrip(torch.tensor(new[] { Math.PI, double.MaxValue, -1 }), torch.float64, new[] { Math.PI, double.MaxValue, -1 });

        static void RoundTrip<T>(torch.Tensor tensor, torch.ScalarType type, T[] values)
            where T : unmanaged
        {
            tensor.dtype.Should().Be(type);
            tensor.shape.Should().Equal(values.Length);
            tensor.data<T>().ToArray().Should().Equal(values);
            tensor.data<T>().Should().Equal(values);
        }
    }

    [Fact]
    public void A_tensor_has_its_own_copy_of_an_array()
    {
        var array = new[] { 1f, 2f };
        using var tensor = torch.tensor(array);
        array[0] = 9;
        tensor.data<float>().ToArray().Should().Equal(1f, 2f);
    }

    [Fact]
    public void A_tensor_made_from_an_array_shares_its_memory()
    {
        var array = new float[,] { { 1, 2 }, { 3, 4 } };
        using var tensor = torch.from_array(array);
        tensor.shape.Should().Equal(2, 2);
        array[1, 0] = 9;
        tensor[1, 0].item<float>().Should().Be(9);
        tensor[0, 1] = torch.tensor(7f);
        array[0, 1].Should().Be(7);
    }

    [Fact]
    public void Arrays_of_any_rank_keep_their_shape()
    {
        torch.tensor(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }).shape.Should().Equal(2, 3);
        torch.tensor(new[, ,] { { { 1.0 }, { 2.0 } } }).shape.Should().Equal(1, 2, 1);
        torch.tensor(new List<long> { 1, 2, 3, 4 }, 2, 2)[1, 0].item<long>().Should().Be(3);
    }

    [Fact]
    public void Strided_elements_are_read_and_written_in_their_order()
    {
        using var tensor = torch.arange(6, torch.float32).reshape(2, 3);
        using var transposed = tensor.transpose(0, 1);
        transposed.is_contiguous().Should().BeFalse();
        transposed.data<float>().ToArray().Should().Equal(0, 3, 1, 4, 2, 5);
        transposed.data<float>()[2, 1].Should().Be(5);

        transposed.data<float>().CopyFrom(new float[] { 10, 11, 12, 13, 14, 15 });
        tensor.data<float>().ToArray().Should().Equal(10, 12, 14, 11, 13, 15);

        using var column = tensor.select(1, 1);
        column.data<float>().ToArray().Should().Equal(12, 13);
    }

    [Fact]
    public void The_bytes_are_the_memory_itself()
    {
        using var tensor = torch.zeros(2, torch.int32);
        tensor.bytes[4] = 3;
        tensor.data<int>().ToArray().Should().Equal(0, 3);

        tensor.bytes = new byte[] { 1, 0, 0, 0, 2, 0, 0, 0 };
        tensor.data<int>().ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void An_element_can_be_written_in_place()
    {
        using var tensor = torch.zeros(2, 2);
        tensor.data<float>()[1, 0] = 5;
        tensor.data<float>().ToArray().Should().Equal(0, 0, 5, 0);
        tensor.data<float>()[3].Should().Be(0);
    }

    [Fact]
    public void A_scalar_tensor_has_one_element_and_no_dimension()
    {
        using var scalar = torch.tensor(2.5);
        scalar.ndim.Should().Be(0);
        scalar.numel().Should().Be(1);
        scalar.item<double>().Should().Be(2.5);
        scalar.ToSingle().Should().Be(2.5f);
        ((int)torch.tensor(3L)).Should().Be(3);
        scalar.data<double>().ToArray().Should().Equal(2.5);
    }
}
