namespace AdaQat.Runtime;

/// <summary>
/// Lets threads share the tiles of a run's large steps, one step after the other. One number says which step it is and how many of its
/// tiles are taken, so that a thread that comes late takes none of a step that is over.
/// </summary>
internal sealed class TileSharing
{
    private const int Ended = int.MaxValue;
    private readonly TileStep[] _steps;
    private long _ticket;
    private int _done;

    /// <param name="steps">The steps that are shared, in their order.</param>
    public TileSharing(TileStep[] steps) => _steps = steps;

    /// <summary>Whether there is anything to share.</summary>
    public bool IsOfUse => _steps.Length > 0;

    /// <summary>Before a run, when no thread helps.</summary>
    public void Begin() => Volatile.Write(ref _ticket, 0);

    /// <summary>Computes all tiles of the next shared step, with whoever helps.</summary>
    /// <param name="number">Its number among the shared ones.</param>
    /// <param name="state">The calling thread's.</param>
    /// <param name="fault">The first exception of the calling thread; it stays null without one.</param>
    public void Run(int number, RunState state, ref Exception? fault)
    {
        _steps[number].Prepare(state);
        Volatile.Write(ref _done, 0);
        Interlocked.Exchange(ref _ticket, (number + 1L) << 32);
        while (Take(state, ref fault))
        {
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _done) < _steps[number].Tiles)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Lets the helpers go.</summary>
    public void End() => Interlocked.Exchange(ref _ticket, (long)Ended << 32);

    /// <summary>Computes tiles until the run ends.</summary>
    public void Help(RunState state, ref Exception? fault)
    {
        var wait = default(SpinWait);
        while (Volatile.Read(ref _ticket) >> 32 != Ended)
        {
            if (Take(state, ref fault))
            {
                wait.Reset();
            }
            else
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Computes a tile, if one is left.</summary>
    private bool Take(RunState state, ref Exception? fault)
    {
        if (!IsTile(Volatile.Read(ref _ticket)))
        {
            return false;
        }

        // Meanwhile another thread may have taken it, or the step may be over.
        var mine = Interlocked.Increment(ref _ticket) - 1;
        if (!IsTile(mine))
        {
            return false;
        }

        try
        {
            _steps[(mine >> 32) - 1].RunTile(state, (int)mine);
        }
        catch (Exception exception)
        {
            // It is thrown when all threads are done.
            fault ??= exception;
        }

        Interlocked.Increment(ref _done);
        return true;
    }

    private bool IsTile(long ticket)
    {
        var step = ticket >> 32;
        return step is > 0 and < Ended && (int)ticket < _steps[step - 1].Tiles;
    }
}
