using System.Collections.Concurrent;

namespace AdaQat.Attaching;

/// <summary>
/// Which threads use a model: without gradient any number at once, with gradient one, and while bit-widths are probed or ranges are
/// calibrated only the one that does it.
/// </summary>
/// <remarks>
/// A forward that threw runs no post-hook, so one that is still under way cannot be told from it. Hence the later of two training forwards
/// goes on, and the earlier one, if it is there at all, is refused at its next layer or at its end; unless a layer shows that it is there,
/// and the later one <see cref="Withdraw"/>s.
/// </remarks>
internal sealed class ThreadUse
{
    private readonly ConcurrentDictionary<int, Forward> _forwards = new();
    private readonly ConcurrentDictionary<int, Change?> _changeAtBegin = new();
    private Change? _change;
    private Forward? _latest;
    private long _turns;
    private int _alone;

    /// <summary>Whether this thread is the only one that may use the model now.</summary>
    public bool IsAlone => Volatile.Read(ref _alone) == Environment.CurrentManagedThreadId;

    /// <summary>What layers compute changes, from float to quantized, say.</summary>
    public void Switch() => Volatile.Write(ref _change, new Change(Environment.CurrentManagedThreadId));

    /// <summary>A forward of the model begins, whatever for.</summary>
    public void Begin() => _changeAtBegin[Environment.CurrentManagedThreadId] = Volatile.Read(ref _change);

    /// <summary>That forward is over.</summary>
    /// <exception cref="InvalidOperationException">Another thread has made layers compute otherwise meanwhile.</exception>
    public void End()
    {
        if (_changeAtBegin.TryRemove(Environment.CurrentManagedThreadId, out var before) && Volatile.Read(ref _change) is { } now
            && now != before && now.Thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException(
                $"Thread {now.Thread} has begun or ended InFloat(), or baked the model, while a forward of it was under way in thread "
                + $"{Environment.CurrentManagedThreadId}: some layers computed in one way and some in the other.");
        }
    }

    /// <summary>A forward of the model with gradient begins.</summary>
    public void BeginTraining()
    {
        if (_forwards.TryGetValue(Environment.CurrentManagedThreadId, out var thrown))
        {
            thrown.Before = null;
        }

        var begun = new Forward();
        begun.Before = Interlocked.Exchange(ref _latest, begun);
        _forwards[Environment.CurrentManagedThreadId] = begun;
    }

    /// <summary>That forward is over.</summary>
    /// <exception cref="InvalidOperationException">Another thread has begun one meanwhile.</exception>
    public void EndTraining()
    {
        RequireLatest();
        if (_forwards.TryRemove(Environment.CurrentManagedThreadId, out var own))
        {
            own.Before = null;
        }
    }

    /// <summary>The forward of this thread is refused, and the one that it came after goes on.</summary>
    public void Withdraw()
    {
        if (_forwards.TryRemove(Environment.CurrentManagedThreadId, out var own))
        {
            Interlocked.CompareExchange(ref _latest, own.Before, own);
        }
    }

    /// <summary>A layer is called.</summary>
    /// <param name="withGradient">Whether it is called to be trained.</param>
    /// <returns>What <see cref="RequireSince"/> needs.</returns>
    /// <exception cref="InvalidOperationException">Another thread trains the model, probes or calibrates it.</exception>
    public long Enter(bool withGradient)
    {
        var turn = Volatile.Read(ref _turns);
        if (Volatile.Read(ref _alone) is not 0 and var other && other != Environment.CurrentManagedThreadId)
        {
            throw Refusal(other);
        }

        if (withGradient)
        {
            RequireLatest();
        }

        return turn;
    }

    /// <summary>To be asked when a layer's weight and input are quantized: whether bits and ranges were those in force.</summary>
    /// <exception cref="InvalidOperationException">Another thread has begun to probe or to calibrate meanwhile.</exception>
    public void RequireSince(long turn)
    {
        if (Volatile.Read(ref _turns) != turn && !IsAlone)
        {
            throw Refusal(Volatile.Read(ref _alone));
        }
    }

    /// <summary>Keeps other threads out until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another thread does so already.</exception>
    public Turn BeginAlone()
    {
        var own = Environment.CurrentManagedThreadId;
        var other = Interlocked.CompareExchange(ref _alone, own, 0);
        if (other == own)
        {
            return default;
        }

        if (other != 0)
        {
            throw Refusal(other);
        }

        Interlocked.Increment(ref _turns);
        return new Turn(this);
    }

    private static InvalidOperationException Refusal(int other) => new(
        $"Thread {other} makes a step of this model's bit-widths, or calibrates it, while thread {Environment.CurrentManagedThreadId} uses "
        + "it too: widths and ranges are being tried out meanwhile. Let one thread do one after the other, or attach a copy of the model.");

    private void RequireLatest()
    {
        var thread = Environment.CurrentManagedThreadId;
        if (_forwards.TryGetValue(thread, out var own) && own != Volatile.Read(ref _latest))
        {
            _forwards.TryRemove(thread, out _);
            throw new InvalidOperationException(
                $"A forward with gradient of this model was under way in thread {thread} when another thread began one: an attached model "
                + "is trained by one thread at a time. Without gradient (torch.no_grad()) any number of threads may use it.");
        }
    }

    /// <summary>A change of what layers compute, and who made it.</summary>
    private sealed class Change(int thread)
    {
        public int Thread => thread;
    }

    /// <summary>A forward with gradient.</summary>
    private sealed class Forward
    {
        /// <summary>The one that was the latest when it began, until it ends.</summary>
        public Forward? Before { get; set; }
    }

    /// <summary>The time for which a thread has the model to itself.</summary>
    internal readonly struct Turn(ThreadUse? use) : IDisposable
    {
        public void Dispose()
        {
            if (use is not null)
            {
                Volatile.Write(ref use._alone, 0);
            }
        }
    }
}
