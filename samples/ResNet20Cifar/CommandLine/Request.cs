namespace ResNet20Cifar.CommandLine;

/// <summary>What a user asked for.</summary>
/// <param name="Options">Every option, defaults filled in.</param>
/// <param name="Given">The names of those that were written out.</param>
public sealed record Request(RunOptions Options, IReadOnlyCollection<string> Given);
