using System.Runtime.CompilerServices;

namespace AdaQat.Tests.Support;

/// <summary>Tests compute with right convolutions, on processors, too, on which oneDNN's are wrong.</summary>
internal static class RightConvolutions
{
    [ModuleInitializer]
#pragma warning disable CA2255 // This is an application: nobody else's code waits for it.
    internal static void Ensure()
#pragma warning restore CA2255
    {
        if (CpuConvolutions.Fault() is { } fault)
        {
            Console.Error.WriteLine(fault);
            Console.Error.WriteLine(
                CpuConvolutions.TryTurnOneDnnOff() ? "The tests go on without oneDNN." : "oneDNN cannot be turned off.");
        }
    }
}
