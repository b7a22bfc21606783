using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AdaQat.Tests.TorchApi.StandIn;

/// <summary>A program that never disposes a tensor must not run out of memory.</summary>
public sealed class NativeMemoryTests
{
    [Fact]
    public void Memory_stays_bounded_where_nobody_disposes_tensors()
    {
        const long megabyte = 1 << 20;
        ForgetWhatOtherTestsNeeded();
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

    [Fact]
    public void A_parameter_gives_back_what_the_tensor_it_was_made_of_held()
    {
        var before = Held();
        for (var i = 0; i < 3; i++)
        {
            using var parameter = new TorchSharp.Modules.Parameter(torch.ones(1 << 20));
        }

        Held().Should().BeLessThanOrEqualTo(before, "finalizers of other tests may only lower it");
    }

    /// <summary>What is allowed grows with what a program has needed at once; a tensor that a finalizer gives back brings it down to what is held now.</summary>
    private static void ForgetWhatOtherTestsNeeded()
    {
        DropOne();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropOne() => _ = torch.ones(1 << 20);

    private static long Held() => (long)typeof(torch).Assembly.GetType("TorchSharp.NativeMemory")!
        .GetField("held", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
}
