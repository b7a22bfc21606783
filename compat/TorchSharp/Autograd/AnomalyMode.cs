using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Until it is disposed, backward reports the first operation whose gradient is NaN.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool wasEnabled;
    private readonly bool wasChecking;

    public AnomalyMode(bool enabled, bool check_nan = true)
    {
        wasEnabled = IsEnabled;
        wasChecking = ShouldCheckNaN;
        NativeMethods.adaqat_set_anomaly_mode(enabled ? 1 : 0, check_nan ? 1 : 0);
    }

    public static unsafe bool IsEnabled
    {
        get
        {
            int checking;
            return NativeMethods.adaqat_anomaly_mode(&checking) != 0;
        }
    }

    public static unsafe bool ShouldCheckNaN
    {
        get
        {
            int checking;
            _ = NativeMethods.adaqat_anomaly_mode(&checking);
            return checking != 0;
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    public void Dispose(bool disposing)
    {
        if (disposing) NativeMethods.adaqat_set_anomaly_mode(wasEnabled ? 1 : 0, wasChecking ? 1 : 0);
    }
}
