using System.CommandLine;
using AdaQat.Studies.Compiling;
using AdaQat.Studies.Training;
using Samples.CommandLine;

namespace AdaQat.Studies.CommandLine;

/// <summary>The command <c>integers</c>.</summary>
public static class IntegersCommand
{
    private static readonly Dictionary<string, JoinHandling?> Handlings = new(StringComparer.Ordinal)
    {
        ["unquantized"] = JoinHandling.Unquantized,
        ["quantized"] = JoinHandling.Quantized,
    };

    /// <param name="study">Does what a good command line asks for; returns the exit code.</param>
    public static Command Create(Func<IntegersOptions, int> study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var usual = new IntegersOptions();
        var data = TextOption.FilePath(
            "--data", "DIR", "Folder with CIFAR-10's binary files. Without it: the cache folder, else a download, else procedural images.");
        var networks = TextOption.Create<string?>(
            "--networks", "NAMES", "Only these networks, with commas between. [default: all]",
            $"some of {string.Join(",", CompiledNetwork.Names)}",
            (string text, out string? value) => (value = text).Split(',').All(CompiledNetwork.Names.Contains));
        var joins = TextOption.Choice<JoinHandling?>(
            "--joins", "HOW", "Only with the operands of sums left or quantized. [default: both]", Handlings);
        var weights = Name("--weights", "The family that quantizes weights.", Family.OfWeights.Keys, usual.Weights);
        var activations = Name("--activations", "The family that quantizes inputs.", Family.OfActivations.Keys, usual.Activations);
        var bits = TextOption.Create<BitPair?>(
            "--bits", "W,A",
            $"Widths of weights and inputs; the first and last layer have 8. [default: {usual.WeightBits},{usual.ActivationBits}]",
            "two whole numbers from 1 to 8 with a comma between, as in 4,4",
            (string text, out BitPair? value) =>
                (value = BitPair.TryParse(text)) is { Weights: >= 1 and <= 8, Activations: >= 1 and <= 8 });
        var trainImages = TextOption.WholeNumber(
            "--train-images", "N", $"Training images. [default: {usual.TrainImages}]", 4, 50_000);
        var epochs = TextOption.WholeNumber(
            "--epochs", "N", $"How often each is seen, in float for the first half. [default: {usual.Epochs}]", 1, 1000);
        var batch = TextOption.WholeNumber("--batch-size", "N", $"Images of a step of training. [default: {usual.BatchSize}]", 2, 1024);
        var rate = TextOption.Number(
            "--rate", "X", $"Adam's learning rate at the start. [default: {usual.Rate}]", "a number over 0", value => value > 0);
        var images = TextOption.WholeNumber("--images", "N", $"Test images that are compared. [default: {usual.Images}]", 1, 10_000);
        var seed = TextOption.Seed($"Weights, order and augmentation. [default: {usual.Seed}]");
        var threads = TextOption.WholeNumber("--threads", "N", "CPU threads. [default: all processors]", 1, 1024);
        var folder = TextOption.FilePath(
            "--out", "DIR", $"Where trained networks and models go; what is there is not trained again. [default: {usual.Out}]");
        var command = new Command("integers", "Trains networks briefly, compiles them to integers and compares their predictions.")
        {
            data, networks, joins, weights, activations, bits, trainImages, epochs, batch, rate, images, seed, threads, folder,
        };
        command.SetAction(result =>
        {
            var widths = result.Or(bits, null);
            return study(new IntegersOptions
            {
                Data = result.Or(data, null),
                Networks = result.Or(networks, null),
                Joins = result.Or(joins, null),
                Weights = result.Or(weights, usual.Weights)!,
                Activations = result.Or(activations, usual.Activations)!,
                WeightBits = widths?.Weights ?? usual.WeightBits,
                ActivationBits = widths?.Activations ?? usual.ActivationBits,
                TrainImages = result.Or(trainImages, usual.TrainImages),
                Epochs = result.Or(epochs, usual.Epochs),
                BatchSize = result.Or(batch, usual.BatchSize),
                Rate = result.Or(rate, usual.Rate),
                Images = result.Or(images, usual.Images),
                Seed = result.Or(seed, usual.Seed),
                Threads = result.Given(threads),
                Out = result.Or(folder, usual.Out)!,
            });
        });
        return command;
    }

    private static Option<string> Name(string option, string what, IEnumerable<string> names, string fallback) => TextOption.Choice(
        option, "NAME", $"{what} [default: {fallback}]", names.ToDictionary(name => name, StringComparer.Ordinal));
}
