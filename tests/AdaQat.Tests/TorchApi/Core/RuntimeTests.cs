namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Threads and devices.</summary>
public sealed class RuntimeTests
{
    [Fact]
    public void The_number_of_threads_can_be_set()
    {
        var before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);
            torch.get_num_threads().Should().Be(1);
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Fact]
    public void There_is_a_cuda_device_exactly_where_cuda_is_available()
    {
        (torch.cuda.device_count() > 0).Should().Be(torch.cuda.is_available());
        torch.TryInitializeDeviceType(DeviceType.CPU).Should().BeTrue();
    }

    [Fact]
    public void A_device_is_named_by_kind_and_index()
    {
        torch.device("cpu").type.Should().Be(DeviceType.CPU);
        var second = torch.device("cuda:1");
        second.type.Should().Be(DeviceType.CUDA);
        second.index.Should().Be(1);
        second.ToString().Should().Be("cuda:1");
    }
}
