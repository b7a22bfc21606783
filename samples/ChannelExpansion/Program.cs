using ChannelExpansion;
using Samples.CommandLine;

return Faults.Guard(Console.Error, () => ExpansionCommand.Invoke(args, Console.Out, Console.Error, ExpansionRun.Execute));
