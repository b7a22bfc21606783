using EdgeWorkflow;
using Samples.CommandLine;

return Faults.Guard(Console.Error, () => WorkflowCommand.Invoke(args, Console.Out, Console.Error, WorkflowRun.Execute));
