using AdaQat.Tests.Checkpoints;
using AdaQat.Tests.Convolutions;
using AdaQat.Tests.Optimizers;
using AdaQat.Tests.Runtime;
using AdaQat.Tests.Support;

namespace AdaQat.Tests;

/// <summary>What the tests' assembly does as a program: some tests need a process of their own, to end it.</summary>
internal static class EntryPoint
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case [SavingProcess.Verb, var path]:
                SavingProcess.Run(path, int.MaxValue);
                return 0;
            case [SavingProcess.Verb, var path, var saves]:
                SavingProcess.Run(path, int.Parse(saves, System.Globalization.CultureInfo.InvariantCulture));
                return 0;
            case [DamagedFiles.Verb, var count]:
                return DamagedFiles.Run(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
            case [PlainConvolutions.Verb]:
                return PlainConvolutions.Run();
            case [KernelMatrix.Verb]:
                return KernelMatrix.Print();
            case [OnnxMatrix.Verb, ..]:
                return OnnxMatrix.Print(args.ElementAtOrDefault(1), args.ElementAtOrDefault(2));
            case [FinalizedNumbers.Verb, var optimizer, "held" or "own", var seconds]:
                return FinalizedNumbers.Run(
                    optimizer, args[2] == "held", double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture));
            default:
                Console.Error.WriteLine(
                    $"usage: dotnet exec AdaQat.Tests.dll {SavingProcess.Verb} FILE [SAVES], {DamagedFiles.Verb} COUNT, "
                    + $"{KernelMatrix.Verb}, {OnnxMatrix.Verb} [NETWORK [codes|float]], or {FinalizedNumbers.Verb} sgd|adam|adamw own|held "
                    + "SECONDS. Tests run with dotnet test.");
                return 2;
        }
    }
}
