using System.Globalization;
using AdaQat;
using AdaQat.Quantizers;
using ResNet20Cifar.CommandLine;
using ResNet20Cifar.Models;
using static ResNet20Cifar.Output.Progress.ProgressText;
using static TorchSharp.torch;

namespace ResNet20Cifar.Training;

/// <summary>Looks whether a target can be met before a run makes its folder.</summary>
public static class TargetCheck
{
    public static void Require(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TargetBitOps is not { } target)
        {
            return;
        }

        var range = new BitWidthRange();
        var (least, most) = (BitOpsAt(range.Minimum), BitOpsAt(range.Maximum));
        if (target < least || target > most)
        {
            throw new SampleException(
                string.Create(CultureInfo.InvariantCulture,
                    $"--target-bitops: {target} is out of reach: an image takes {least} bit operations at {range.Minimum} bits and "
                    + $"{most} at {range.Maximum}."),
                ExitCode.Usage);
        }
    }

    private static double BitOpsAt(int bits)
    {
        using var model = new ResNet20();
        using var example = zeros(1, 3, 32, 32);
        var width = BitWidthChoice.Fixed(bits);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions { WeightBits = width, ActivationBits = width });
        return quantized.Summary().BitOps;
    }
}
