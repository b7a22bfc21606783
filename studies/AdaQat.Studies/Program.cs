using AdaQat.Studies.CommandLine;
using AdaQat.Studies.ProbeError;
using Samples.CommandLine;

return Faults.Guard(Console.Error, () => new StudyCommand(ProbeErrorStudy.Execute).Invoke(args, Console.Out, Console.Error));
