using AdaQat;
using AdaQat.Quantizers;

namespace ResNet20Cifar.CommandLine;

/// <summary>The options of a run that goes on: those it was started with.</summary>
public static class ResumedOptions
{
    private static readonly (string Name, Func<RunOptions, object?> Value)[] Fixed =
    [
        ("--epochs", options => options.Epochs),
        ("--batch-size", options => options.BatchSize),
        ("--lambda", options => options.Lambda),
        ("--target-bitops", options => options.TargetBitOps),
        ("--train-images", options => options.TrainImages),
        ("--test-images", options => options.TestImages),
        ("--sharing", options => options.WidthSharing),
        ("--probes", options => options.Probes),
        ("--fixed-bits", options => options.FixedBits),
        ("--float", options => options.Unquantized),
        ("--init", options => options.Init),
        ("--weight-transform", options => options.WeightTransform),
        ("--clipping-start", options => options.ClippingStart),
        ("--calibrate", options => options.Calibrate),
        ("--reestimate-batch-norm", options => options.ReestimateBatchNorm),
        ("--distill", options => options.Distill),
        ("--front", options => options.Front),
        ("--seed", options => options.Seed),
    ];

    /// <summary>
    /// The recorded options; where data, threads and device are found may be said anew, anything else that is said must be as it was.
    /// </summary>
    public static RunOptions Merge(RunOptions recorded, Request request)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(request);
        var now = request.Options;
        foreach (var (name, value) in Fixed.Where(option => request.Given.Contains(option.Name)))
        {
            if (!Equals(value(recorded), value(now)))
            {
                throw new SampleException(
                    $"{name}: the run in {now.Out} was started with {Text(value(recorded))}, not {Text(value(now))}; leave the "
                    + "option out or start a new run.",
                    ExitCode.Usage);
            }
        }

        return recorded with
        {
            Data = request.Given.Contains("--data") ? now.Data : recorded.Data,
            Threads = request.Given.Contains("--threads") ? now.Threads : recorded.Threads,
            Device = request.Given.Contains("--device") ? now.Device : recorded.Device,
            Out = now.Out,
            Resume = true,
        };
    }

    private static string Text(object? value) => value switch
    {
        null => "the default",
        true => "it",
        false => "no such option",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
