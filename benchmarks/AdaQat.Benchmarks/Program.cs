using AdaQat.Benchmarks;
using AdaQat.Benchmarks.CommandLine;
using ResNet20Cifar;

return Faults.Guard(Console.Error, () => new BenchmarkCommand(BenchmarkRun.Execute).Invoke(args, Console.Out, Console.Error));
