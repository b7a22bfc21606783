namespace AdaQat.Tests.Convolutions;

/// <summary>A process that turns oneDNN off and looks at convolutions.</summary>
internal static class PlainConvolutions
{
    public const string Verb = "plain-convolutions";

    public static int Run()
    {
        Console.WriteLine($"turned off: {CpuConvolutions.TryTurnOneDnnOff()}");
        Console.WriteLine($"fault: {CpuConvolutions.Fault() ?? "none"}");
        return 0;
    }
}
