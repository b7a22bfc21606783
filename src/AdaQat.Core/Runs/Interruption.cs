using System.Runtime.InteropServices;

namespace AdaQat.Training;

/// <summary>
/// Turns the first Ctrl-C (or a polite kill) into a request to stop at the end of the step; a second one quits at once.
/// </summary>
/// <remarks>
/// <code>
/// using var interruption = new Interruption();
/// interruption.Requested += () =&gt; display.Say("Stopping after this step; Ctrl-C once more quits at once.");
/// var result = trainer.Fit(train, test, interruption.Token);          // a checkpoint is written before it returns
/// </code>
/// </remarks>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Listens from now on, until it is disposed.</summary>
    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Raised once, at the first signal, on a thread of the system's.</summary>
    public event Action? Requested;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            // A live display hides the cursor; nobody else would bring it back.
            if (!Console.IsOutputRedirected)
            {
                Console.Write("\u001b[?25h");
            }

            return;
        }

        context.Cancel = true;
        try
        {
            _source.Cancel();
            Requested?.Invoke();
        }
        catch (ObjectDisposedException)
        {
            // The run was over before this thread came.
        }
    }
}
