using System.Globalization;
using AdaQat.Export;
using AdaQat.Runtime;

namespace AdaQat.Studies.Compiling;

/// <summary>A trained network beside its integer network: a row of the table.</summary>
/// <param name="Name">The network, and what became of its sums.</param>
/// <param name="Accuracy">The trained network's, in float32 as it was trained.</param>
/// <param name="IntegerAccuracy">The integer network's.</param>
/// <param name="Different">For how many images the two predict another class.</param>
/// <param name="Report">Both forms of arithmetic beside float64.</param>
/// <param name="Sizes">The file.</param>
/// <param name="Nodes">The nodes in it.</param>
internal sealed record ComparedNetwork(
    string Name, double Accuracy, double IntegerAccuracy, long Different, EquivalenceReport Report, ModelBytes Sizes, int Nodes)
{
    private static readonly string[] Columns =
    [
        "network", "accuracy", "of integers", "integers: another class than float64", "float32: another class than float64",
        "integers: another class than the trained model", "outputs apart", "codes that differ", "bytes", "beside codes and tables", "nodes",
    ];

    /// <summary>The table's first two lines.</summary>
    public static string Header { get; } = $"| {string.Join(" | ", Columns)} |{Environment.NewLine}"
        + $"|{string.Concat(Columns.Select(_ => "---|"))}";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {Accuracy:P2} | {IntegerAccuracy:P2} | {Report.TopOneDifferent} | {Report.TopOneDifferentInFloat32} | {Different} "
        + $"| {Report.LargestDifference:G2} | {Report.CodesDifferent} of {Report.Codes:N0} | {Sizes.File:N0} | {Beside:N0} | {Nodes} |");

    /// <summary>Bytes of the file that are no codes, tables or graphs of islands.</summary>
    private long Beside => Sizes.File - Sizes.WeightCodes - Sizes.Tables - Sizes.Islands;
}
