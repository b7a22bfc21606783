namespace ResNet20Cifar.CommandLine;

/// <summary>Which options do not go together.</summary>
internal static class OptionConflicts
{
    /// <summary>Options that are good each for itself but not together; none is ignored in silence.</summary>
    public static IEnumerable<string> Of(Request request)
    {
        var options = request.Options;
        var measuresOnly = options.Epochs == 0;
        var untrained = options.Init is null && !options.Resume;
        if (options is { Float: true, FixedBits: not null })
        {
            yield return "--fixed-bits and --float exclude each other: a run has given widths or is not quantized at all.";
        }

        if (options is { TargetBitOps: not null } && request.Given.Contains("--lambda"))
        {
            yield return "--lambda and --target-bitops exclude each other: a target steers the weight of the hardware cost by itself.";
        }

        if (options is { Resume: true, Out: null })
        {
            yield return "--resume needs --out DIR: the folder of the run to go on with.";
        }

        if (measuresOnly && untrained)
        {
            yield return "--epochs 0 measures a trained network and needs --init CHECKPOINT.";
        }

        foreach (var fault in Meaningless("for learned bit-widths and has no meaning with --float", options.Float,
                "--lambda", "--target-bitops", "--sharing", "--probes")
            .Concat(Meaningless("for learned bit-widths and has no meaning with --fixed-bits", options.FixedBits is not null,
                "--lambda", "--target-bitops", "--sharing", "--probes"))
            .Concat(Meaningless("for quantized networks and has no meaning with --float", options.Float,
                "--weight-transform", "--clipping-start", "--calibrate", "--front", "--joins"))
            .Concat(Meaningless("for a trained network and needs --init CHECKPOINT", untrained, "--calibrate", "--reestimate-batch-norm"))
            .Concat(Meaningless("for training and has no meaning with --epochs 0", measuresOnly,
                "--lambda", "--target-bitops", "--distill", "--front")))
        {
            yield return fault;
        }

        IEnumerable<string> Meaningless(string reason, bool applies, params string[] names) =>
            names.Where(name => applies && request.Given.Contains(name)).Select(name => $"{name} is {reason}.");
    }
}
