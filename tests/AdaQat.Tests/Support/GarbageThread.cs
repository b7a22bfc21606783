namespace AdaQat.Tests.Support;

/// <summary>A thread that makes garbage as fast as it can: what a program does that reads data, say. Disposing it ends it.</summary>
internal sealed class GarbageThread : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _isToEnd;

    public GarbageThread()
    {
        _thread = new Thread(Make) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _isToEnd = true;
        _thread.Join();
    }

    private void Make()
    {
        while (!_isToEnd)
        {
            for (var i = 0; i < 100; i++)
            {
                GC.KeepAlive(new byte[10_000]);
            }

            GC.WaitForPendingFinalizers();
        }
    }
}
