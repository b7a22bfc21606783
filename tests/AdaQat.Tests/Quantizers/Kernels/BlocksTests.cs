using AdaQat.Quantizers.Kernels;
using FluentAssertions;
using Xunit;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Kernels;

/// <summary>Every element of an array is worked on once, by whichever threads.</summary>
public sealed class BlocksTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_block_is_done_once_on_either_kind_of_thread(bool onLibtorchsThreads)
    {
        using var threads = new TorchThreads();
        foreach (var count in new[] { 1, 2, 3, 7 })
        {
            set_num_threads(count);
            foreach (var elements in new long[] { 0, 1, Blocks.Size - 1, Blocks.Size, Blocks.Size + 1, (Blocks.Size * 4) + 5,
                Blocks.Size * 23L })
            {
                var starts = new long[Blocks.Count(elements)];
                var lengths = new long[starts.Length];
                void Work(int block, long start, long length)
                {
                    Interlocked.Add(ref starts[block], start);
                    Interlocked.Add(ref lengths[block], length);
                }

                Blocks.Run(elements, Work, onLibtorchsThreads);

                starts.Should().Equal(Enumerable.Range(0, starts.Length).Select(block => (long)block * Blocks.Size), "{0} threads", count);
                lengths.Should().Equal(starts.Select(start => Math.Min(Blocks.Size, elements - start)), "{0} threads", count);
            }
        }
    }

    [Fact]
    public void A_thread_that_is_done_takes_blocks_off_the_others()
    {
        const int Count = 8;
        using var threads = new TorchThreads();
        set_num_threads(2);
        using var others = new CountdownEvent(Count - 1);
        var othersDone = false;

        // Block 0 lasts until all others are done: the other thread must take those of its share, too.
        Blocks.Run(Blocks.Size * (long)Count, (block, _, _) =>
        {
            if (block == 0)
            {
                othersDone = others.Wait(TimeSpan.FromSeconds(30));
            }
            else
            {
                others.Signal();
            }
        });

        othersDone.Should().BeTrue();
    }

    [Fact]
    public void On_Linux_the_threads_are_libtorchs_own()
    {
        ones(1).Dispose();

        OpenMp.IsAvailable.Should().Be(OperatingSystem.IsLinux());
    }
}
