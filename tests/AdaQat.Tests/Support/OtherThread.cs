using System.Runtime.ExceptionServices;

namespace AdaQat.Tests.Support;

/// <summary>A thread without a dispose scope, as libtorch's own are, on which a test runs one thing after the other.</summary>
internal sealed class OtherThread : IDisposable
{
    private readonly SemaphoreSlim _begin = new(0);
    private readonly SemaphoreSlim _end = new(0);
    private readonly Thread _thread;
    private Action? _action;
    private ExceptionDispatchInfo? _fault;
    private long _live;

    public OtherThread()
    {
        _thread = new Thread(Loop) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many tensors were made there more than disposed.</summary>
    public long Live => Volatile.Read(ref _live);

    /// <summary>Runs an action there and waits for its end.</summary>
    public void Run(Action action)
    {
        _action = action;
        _begin.Release();
        _end.Wait();
        _fault?.Throw();
    }

    /// <summary>How many more tensors are alive after an action than before, of those made on this thread and on the other.</summary>
    public long LeftBy(Action action)
    {
        var before = Live;
        var here = LiveTensors.LeftBy(action);
        return here + Live - before;
    }

    public void Dispose()
    {
        _action = null;
        _begin.Release();
        _thread.Join();
        _begin.Dispose();
        _end.Dispose();
    }

    private void Loop()
    {
        for (_begin.Wait(); _action is { } action; _begin.Wait())
        {
            try
            {
                action();
            }
            catch (Exception fault)
            {
                _fault = ExceptionDispatchInfo.Capture(fault);
            }

            Volatile.Write(ref _live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            _end.Release();
        }
    }
}
