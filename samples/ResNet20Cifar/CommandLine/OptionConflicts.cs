using System.CommandLine;
using static ResNet20Cifar.CommandLine.SampleOptions;

namespace ResNet20Cifar.CommandLine;

/// <summary>What options say to each other.</summary>
internal static class OptionConflicts
{
    /// <summary>Options that are good each for itself but not together; none is ignored in silence.</summary>
    public static IEnumerable<string> Of(SampleOptions options, ParseResult result)
    {
        var isFixed = IsGiven(result, options.FixedBits);
        var isFloat = IsGiven(result, options.Float);
        var measuresOnly = IsGiven(result, options.Epochs) && result.GetValue(options.Epochs) == 0;
        if (isFixed && isFloat)
        {
            yield return "--fixed-bits and --float exclude each other: a run has given widths or is not quantized at all.";
        }

        if (isFixed || isFloat)
        {
            foreach (var option in Given(options.Lambda, options.TargetBitOps, options.Sharing, options.Probes))
            {
                yield return $"{option.Name} is for learned bit-widths and has no meaning with "
                    + $"{(isFloat ? options.Float : (Option)options.FixedBits).Name}.";
            }
        }

        if (isFloat)
        {
            foreach (var option in Given(options.WeightTransform, options.ClippingStart, options.Calibrate, options.Front))
            {
                yield return $"{option.Name} is for quantized networks and has no meaning with {options.Float.Name}.";
            }
        }

        if (!IsGiven(result, options.Resume) && !IsGiven(result, options.Init))
        {
            foreach (var option in Given(options.Calibrate, options.ReestimateBatchNorm))
            {
                yield return $"{option.Name} is for a trained network and needs --init CHECKPOINT.";
            }

            if (measuresOnly)
            {
                yield return "--epochs 0 measures a trained network and needs --init CHECKPOINT.";
            }
        }

        if (measuresOnly)
        {
            foreach (var option in Given(options.Lambda, options.TargetBitOps, options.Distill, options.Front))
            {
                yield return $"{option.Name} is for training and has no meaning with --epochs 0.";
            }
        }

        if (IsGiven(result, options.Lambda) && IsGiven(result, options.TargetBitOps))
        {
            yield return "--lambda and --target-bitops exclude each other: a target steers the weight of the hardware cost by itself.";
        }

        if (IsGiven(result, options.Resume) && !IsGiven(result, options.Out))
        {
            yield return "--resume needs --out DIR: the folder of the run to go on with.";
        }

        IEnumerable<Option> Given(params Option[] all) => all.Where(option => IsGiven(result, option));
    }
}
