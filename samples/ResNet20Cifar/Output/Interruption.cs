using System.Runtime.InteropServices;

namespace ResNet20Cifar.Output;

/// <summary>
/// Turns the first Ctrl-C (or a polite kill) into a request to stop at the end of the step; a second one quits at once.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Raised once, at the first signal.</summary>
    public event Action? Requested;

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
        _source.Cancel();
        Requested?.Invoke();
    }
}
