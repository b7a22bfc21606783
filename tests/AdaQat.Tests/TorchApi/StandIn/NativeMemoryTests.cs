using System.Diagnostics;

namespace AdaQat.Tests.TorchApi.StandIn;

/// <summary>A program that never disposes a tensor must not run out of memory.</summary>
public sealed class NativeMemoryTests
{
    [Fact]
    public void Memory_stays_bounded_where_nobody_disposes_tensors()
    {
        const long megabyte = 1 << 20;
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var most = 0L;
        for (var i = 0; i < 500; i++)
        {
            _ = torch.ones(megabyte);
            if (i % 25 != 0) continue;
            process.Refresh();
            most = Math.Max(most, process.WorkingSet64 - before);
        }
        most.Should().BeLessThan(1000 * megabyte, "2000 megabytes were allocated and none was needed");
    }
}
