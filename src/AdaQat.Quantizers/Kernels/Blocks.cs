using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Shares an array out among torch's number of threads, in blocks of a fixed size.</summary>
/// <remarks>
/// The calling thread works through the blocks itself; libtorch's own threads take some off it, or helpers from the thread pool where those cannot be had.
/// Which thread takes a block does not show in the result, since sums are kept block by block.
/// </remarks>
internal sealed class Blocks
{
    /// <summary>The elements of a block: small enough to stay in a core's cache, large enough to be worth handing over.</summary>
    public const int Size = 1 << 15;

    private readonly Action<int, long, long> _work;
    private readonly long _elements;
    private readonly int _count;
    private int _taken;
    private int _done;

    private Blocks(long elements, Action<int, long, long> work)
    {
        (_elements, _count, _work) = (elements, Count(elements), work);
    }

    public static int Count(long elements) => checked((int)((elements + Size - 1) / Size));

    /// <summary>Calls <paramref name="work"/> for every block, with its number, its first element and its length. It must not throw.</summary>
    public static void Run(long elements, Action<int, long, long> work)
    {
        var blocks = new Blocks(elements, work);
        // To wake a thread takes about as long as a block does: one is worth it from two blocks of its own on.
        var threads = Math.Min(get_num_threads(), (blocks._count + 1) / 2);
        if (threads > 1 && OpenMp.IsAvailable)
        {
            OpenMp.Run(threads, blocks.Help);
        }
        else
        {
            blocks.RunWithThreadPool(threads);
        }
    }

    /// <summary>This thread does not wait for a helper that has not started.</summary>
    private void RunWithThreadPool(int threads)
    {
        for (var helper = 1; helper < threads; helper++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static b => b.Help(), this, preferLocal: false);
        }

        Help();
        var waiting = new SpinWait();
        while (Volatile.Read(ref _done) < _count)
        {
            waiting.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Help()
    {
        for (var block = Interlocked.Increment(ref _taken) - 1; block < _count; block = Interlocked.Increment(ref _taken) - 1)
        {
            var start = (long)block * Size;
            _work(block, start, Math.Min(Size, _elements - start));
            Interlocked.Increment(ref _done);
        }
    }
}
