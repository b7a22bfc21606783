using System.Globalization;
using System.Text;

namespace AdaQat.Search;

/// <summary>An epoch of a search: a row of its history.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Loss">The mean loss of the weights' batches.</param>
/// <param name="ChannelLoss">That of α's batches, without the losses of costs; null where there is nothing to choose.</param>
/// <param name="Accuracy">
/// Of the preferred network on the test data, with batch-norm statistics measured anew, 0 to 1; null without test data.
/// </param>
/// <param name="ExpectedMacs">Multiply-accumulate operations on average.</param>
/// <param name="Macs">Those of the preferred network.</param>
/// <param name="ExpectedParameters">Parameters on average.</param>
/// <param name="Parameters">Those of the preferred network.</param>
/// <param name="Groups">Where the channels stood at its end, before what grew then.</param>
/// <param name="Grown">The layers that grew in it and at its end, in that order; one that grew twice is there twice.</param>
public sealed record SearchEpoch(
    int Epoch, int Steps, double Loss, double? ChannelLoss, double? Accuracy, double ExpectedMacs, double Macs, double ExpectedParameters,
    double Parameters, IReadOnlyList<GroupReading> Groups, IReadOnlyList<string> Grown)
{
    /// <summary>The epoch in a line: losses, accuracy, costs, and what grew; the layers' channels are in <see cref="Groups"/>.</summary>
    public override string ToString()
    {
        var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"epoch {Epoch}: loss {Loss:0.000}");
        if (Accuracy is { } share)
        {
            line.Append(CultureInfo.InvariantCulture, $", test {share:P1}");
        }

        line.Append(CultureInfo.InvariantCulture, $", MACs {Count(Macs)} (expected {Count(ExpectedMacs)}), parameters {Parameters:N0}");
        return Grown.Count == 0 ? line.ToString() : line.Append(", grows: ").AppendJoin(", ", Grown.CountBy(layer => layer).Select(grown =>
            grown.Value == 1 ? grown.Key : string.Create(CultureInfo.InvariantCulture, $"{grown.Key} {grown.Value} times"))).ToString();
    }

    private static string Count(double macs) => macs >= 1e5
        ? string.Create(CultureInfo.InvariantCulture, $"{macs / 1e6:0.00} M") : string.Create(CultureInfo.InvariantCulture, $"{macs:N0}");
}
