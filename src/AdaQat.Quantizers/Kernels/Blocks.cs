using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Shares an array out among torch's number of threads, in blocks of a fixed size.</summary>
/// <remarks>
/// The calling thread and libtorch's own, or helpers from the thread pool where those cannot be had, each have a share of neighbouring
/// blocks, as in libtorch's operations: what the one before left in a core's cache is read by the same core. Who is done takes blocks off
/// the others. Which thread takes a block does not show in the result, since sums are kept block by block.
/// </remarks>
internal sealed class Blocks
{
    /// <summary>The elements of a block: small enough to stay in a core's cache, large enough to be worth handing over.</summary>
    public const int Size = 1 << 15;

    private readonly Action<int, long, long> _work;
    private readonly long _elements;
    private readonly int _count;
    private readonly Share[] _shares;
    private int _helpers;
    private int _done;

    private Blocks(long elements, Action<int, long, long> work)
    {
        (_elements, _count, _work) = (elements, Count(elements), work);
        // To wake a thread takes about as long as a block does: one is worth it from two blocks of its own on.
        var threads = Math.Min(get_num_threads(), (_count + 1) / 2);
        _shares = new Share[threads];
        for (var i = 0; i < threads; i++)
        {
            _shares[i] = new Share { Next = (int)((long)_count * i / threads), End = (int)((long)_count * (i + 1) / threads) };
        }
    }

    public static int Count(long elements) => checked((int)((elements + Size - 1) / Size));

    /// <summary>
    /// Calls <paramref name="work"/> for every block, with its number, its first element and its length. It must not throw.
    /// </summary>
    public static void Run(long elements, Action<int, long, long> work) => Run(elements, work, OpenMp.IsAvailable);

    /// <summary>The same, on libtorch's threads or on the thread pool's.</summary>
    public static void Run(long elements, Action<int, long, long> work, bool onLibtorchsThreads)
    {
        var blocks = new Blocks(elements, work);
        if (blocks._shares.Length > 1 && onLibtorchsThreads)
        {
            OpenMp.Run(blocks._shares.Length, blocks.Help);
        }
        else
        {
            blocks.RunWithThreadPool();
        }
    }

    /// <summary>This thread does not wait for a helper that has not started.</summary>
    private void RunWithThreadPool()
    {
        for (var helper = 1; helper < _shares.Length; helper++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static b => b.Help(Interlocked.Increment(ref b._helpers)), this, preferLocal: false);
        }

        Help(0);
        var waiting = new SpinWait();
        while (Volatile.Read(ref _done) < _count)
        {
            waiting.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Works through the thread's own share, then through what is left of the others'.</summary>
    private void Help(int thread)
    {
        for (var i = 0; i < _shares.Length; i++)
        {
            Finish(ref _shares[(thread + i) % _shares.Length]);
        }
    }

    private void Finish(ref Share share)
    {
        for (var block = Interlocked.Increment(ref share.Next) - 1; block < share.End; block = Interlocked.Increment(ref share.Next) - 1)
        {
            var start = (long)block * Size;
            _work(block, start, Math.Min(Size, _elements - start));
            Interlocked.Increment(ref _done);
        }
    }

    /// <summary>The blocks of a thread that nobody has taken yet. Shares do not lie in one line of the cache.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Share
    {
        public int Next;
        public int End;
    }
}
