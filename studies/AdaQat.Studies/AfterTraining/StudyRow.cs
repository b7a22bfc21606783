using System.Globalization;

namespace AdaQat.Studies.AfterTraining;

/// <summary>A row and what was measured.</summary>
/// <param name="Case">How the network was quantized.</param>
/// <param name="Accuracy">The share of test images classified as labelled.</param>
/// <param name="Seconds">How long quantizing took, without measuring.</param>
public sealed record StudyRow(StudyCase Case, double Accuracy, double Seconds)
{
    public const string Header = "weightBits,activationBits,observer,granularity,correction,accuracy,seconds";

    private const int Fields = 7;

    /// <summary>A line of a CSV file.</summary>
    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Case.WeightBits},{Case.ActivationBits},{Case.Observer},{Case.Granularity},{Case.Correction},"
        + $"{Accuracy:R},{Seconds:0.0}");

    /// <summary>The row of a line; null where it is none, such as one that a killed process left half written.</summary>
    public static StudyRow? Parse(string line)
    {
        var cells = line.Split(',');
        return cells.Length == Fields
            && int.TryParse(cells[0], CultureInfo.InvariantCulture, out var weights)
            && int.TryParse(cells[1], CultureInfo.InvariantCulture, out var activations)
            && double.TryParse(cells[5], CultureInfo.InvariantCulture, out var accuracy)
            && double.TryParse(cells[6], CultureInfo.InvariantCulture, out var seconds)
            ? new StudyRow(
                new StudyCase(weights, activations, cells[2], cells[3], cells[4]), accuracy, seconds)
            : null;
    }
}
