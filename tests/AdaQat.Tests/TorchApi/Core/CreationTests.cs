namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Tensors out of a shape.</summary>
public sealed class CreationTests
{
    [Fact]
    public void Zeros_ones_and_full_have_the_default_type_unless_told_otherwise()
    {
        torch.zeros(2, 3).data<float>().ToArray().Should().Equal(0, 0, 0, 0, 0, 0);
        torch.ones(new long[] { 2 }, torch.float64).data<double>().ToArray().Should().Equal(1, 1);
        torch.full(2, 1.5).data<float>().ToArray().Should().Equal(1.5f, 1.5f);
        torch.full(2, 3).dtype.Should().Be(torch.int64);
        torch.zeros(2, requires_grad: true).requires_grad.Should().BeTrue();
    }

    [Fact]
    public void The_default_type_can_be_changed()
    {
        torch.get_default_dtype().Should().Be(torch.float32);
        torch.set_default_dtype(torch.float64);
        try
        {
            torch.zeros(1).dtype.Should().Be(torch.float64);
        }
        finally
        {
            torch.set_default_dtype(torch.float32);
        }
    }

    [Fact]
    public void A_range_of_whole_numbers_is_whole()
    {
        torch.arange(4).data<long>().ToArray().Should().Equal(0, 1, 2, 3);
        torch.arange(1, 2, 0.25).data<float>().ToArray().Should().Equal(1, 1.25f, 1.5f, 1.75f);
        torch.linspace(0, 1, 5).data<float>().ToArray().Should().Equal(0, 0.25f, 0.5f, 0.75f, 1);
        torch.eye(2).data<float>().ToArray().Should().Equal(1, 0, 0, 1);
    }

    [Fact]
    public void A_tensor_like_another_has_its_shape_and_type()
    {
        using var model = torch.zeros(2, 3, torch.float64);
        torch.ones_like(model).dtype.Should().Be(torch.float64);
        torch.rand_like(model).shape.Should().Equal(2, 3);
        model.new_zeros(4).dtype.Should().Be(torch.float64);
        torch.full_like(model, 2, torch.int32).data<int>().ToArray().Should().AllBeEquivalentTo(2);
    }

    [Fact]
    public void A_conversion_that_changes_nothing_shares_the_memory()
    {
        using var tensor = torch.zeros(2);
        using var same = tensor.to(torch.float32);
        using var copy = tensor.to(torch.float32, copy: true);
        tensor.fill_(1);
        same.data<float>().ToArray().Should().Equal(1, 1);
        copy.data<float>().ToArray().Should().Equal(0, 0);
        tensor.to(torch.int64).data<long>().ToArray().Should().Equal(1, 1);
    }

    [Fact]
    public void Size_type_and_place_are_told()
    {
        using var tensor = torch.zeros(new long[] { 2, 3, 4 }, torch.int16);
        tensor.Dimensions.Should().Be(3);
        tensor.size(-1).Should().Be(4);
        tensor.stride().Should().Equal(12, 4, 1);
        tensor.NumberOfElements.Should().Be(24);
        tensor.ElementSize.Should().Be(2);
        tensor.device_type.Should().Be(DeviceType.CPU);
        tensor.device.ToString().Should().Be("cpu");
        tensor.ToString().Should().Be("[2x3x4], type = Int16, device = cpu");
    }

    [Fact]
    public void Equal_tensors_have_equal_shapes_and_elements()
    {
        torch.ones(3).Equals(torch.ones(3)).Should().BeTrue();
        torch.ones(3).Equals(torch.zeros(3)).Should().BeFalse();
        torch.ones(3).Equals(torch.ones(2)).Should().BeFalse();
    }
}
