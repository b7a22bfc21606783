using ResNet20Cifar;
using ResNet20Cifar.CommandLine;
using Samples.CommandLine;

return Faults.Guard(Console.Error, () => new SampleCommand(SampleRun.Execute).Invoke(args, Console.Out, Console.Error));
