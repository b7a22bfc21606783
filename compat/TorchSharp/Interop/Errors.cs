using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Turns a failed native call into an exception.</summary>
internal static class Errors
{
    // Exceptions thrown by managed callbacks. They cross libtorch as a number and are rethrown where its call returns.
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> Captured = new();
    private static long lastTicket;

    public static void Check(int status)
    {
        if (status != 0) ThrowLast();
    }

    /// <summary>Puts a callback's exception aside and returns its ticket.</summary>
    public static long Capture(Exception exception)
    {
        var ticket = Interlocked.Increment(ref lastTicket);
        Captured[ticket] = ExceptionDispatchInfo.Capture(exception);
        return ticket;
    }

    private static unsafe void ThrowLast()
    {
        long ticket;
        var message = Marshal.PtrToStringUTF8(NativeMethods.adaqat_last_error(&ticket));
        if (ticket != 0 && Captured.TryRemove(ticket, out var captured)) captured.Throw();
        throw new ExternalException(message);
    }
}
