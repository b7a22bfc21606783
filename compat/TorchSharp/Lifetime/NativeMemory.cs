namespace TorchSharp;

/// <summary>
/// Sees to it that tensors nobody disposes do not pile up. To the garbage collector a tensor is a few bytes, so a training loop without
/// dispose scopes could fill the machine's memory before it ever runs; here it is made to run when much more is held than there was
/// left after its last run. A program that disposes its tensors never gets there.
/// </summary>
internal static class NativeMemory
{
    private const long Allowance = 256 * 1024;
    private const int RunsToAFullOne = 4;

    // All in kilobytes. A storage that several tensors look at is counted for each.
    private static long held;
    private static long limit = Allowance;
    private static int runs;

    public static void Held(int kilobytes)
    {
        var now = Interlocked.Add(ref held, kilobytes);
        if (now > Volatile.Read(ref limit)) Collect(now);
    }

    public static void Released(int kilobytes, bool byFinalizer)
    {
        var now = Interlocked.Add(ref held, -kilobytes);

        // What the finalizers give back shows how much is really needed.
        if (byFinalizer && LimitFor(now) < Volatile.Read(ref limit)) Volatile.Write(ref limit, LimitFor(now));
    }

    private static long LimitFor(long kilobytes) => kilobytes + (kilobytes / 2) + Allowance;

    private static void Collect(long now)
    {
        Volatile.Write(ref limit, LimitFor(now));

        // A tensor that was in use during two runs is in the oldest generation, which only a full run looks at.
        var full = Interlocked.Increment(ref runs) % RunsToAFullOne == 0;
        GC.Collect(full ? GC.MaxGeneration : 1, GCCollectionMode.Forced, blocking: true);

        // On a busy machine the finalizers may start long after the collection; what they give back is what it was made for.
        GC.WaitForPendingFinalizers();
    }
}
