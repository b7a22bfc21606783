using ChannelExpansion;

namespace AdaQat.Studies.Channels;

/// <summary>One run of the comparison.</summary>
/// <param name="Limit">The limit it keeps; null for ResNet-20 as it is, which is the same run under each.</param>
/// <param name="Method">How its channels are found.</param>
/// <param name="Seed">Its seed: runs of one seed are paired.</param>
internal sealed record ComparedRun(ComparedLimit? Limit, SearchMethod Method, int Seed)
{
    /// <summary>Where it lies below the comparison's folder.</summary>
    public string Folder => Path.Combine(
        Limit?.ToString().ToLowerInvariant() ?? "", FormattableString.Invariant($"{Method.ToString().ToLowerInvariant()}-{Seed}"));

    /// <summary>
    /// All runs, those first that say most: all methods of one seed under one limit, then the next seed. The width multiplier is not among
    /// them: at ResNet-20's own cost its network is ResNet-20.
    /// </summary>
    public static IEnumerable<ComparedRun> All(ComparisonOptions options)
    {
        foreach (var limit in Limits(options))
        {
            for (var seed = 1; seed <= options.Seeds; seed++)
            {
                foreach (var method in new[] { SearchMethod.Uniform, SearchMethod.Expand, SearchMethod.Random, SearchMethod.Prune })
                {
                    yield return new ComparedRun(method == SearchMethod.Uniform ? null : limit, method, seed);
                }
            }
        }
    }

    public static IEnumerable<ComparedLimit> Limits(ComparisonOptions options) =>
        options.Limit is { } one ? [one] : Enum.GetValues<ComparedLimit>();

    /// <summary>The sample's options for it.</summary>
    /// <param name="options">The comparison's.</param>
    /// <param name="parameters">ResNet-20's own.</param>
    public ExpansionOptions ToSample(ComparisonOptions options, double parameters) => new()
    {
        Data = options.Data,
        Method = Method,
        SearchEpochs = options.SearchEpochs,
        RetrainEpochs = options.RetrainEpochs,
        Bits = options.Bits,
        TargetParameters = Limit == ComparedLimit.Parameters ? parameters : null,
        TrainImages = options.TrainImages,
        TestImages = options.TestImages,
        Out = Path.Combine(options.Out, Folder),
        Seed = Seed,
        Threads = options.Threads,
        Device = options.Device,
    };
}
