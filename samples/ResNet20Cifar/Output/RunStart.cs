using ResNet20Cifar.CommandLine;

namespace ResNet20Cifar.Output;

/// <summary>What a run was started with: all that <c>--resume</c> must know besides the checkpoint.</summary>
/// <param name="Options">Its options.</param>
/// <param name="Dataset">The name of what it trains on, which must be the same when it goes on.</param>
public sealed record RunStart(RunOptions Options, string Dataset);
