using System.Globalization;
using AdaQat.Export;

namespace AdaQat.Studies.Deploying;

/// <summary>A trained network in one form, with ONNX Runtime's optimisation on or off.</summary>
/// <param name="Form">The form.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Optimizes">Whether ONNX Runtime optimises it.</param>
/// <param name="Report">How its codes and predictions differ from the integer network's.</param>
/// <param name="Right">How many images ONNX Runtime classifies rightly.</param>
/// <param name="RightInIntegers">How many the integer network does.</param>
internal sealed record OnnxRow(
    OnnxForm Form, long Bytes, bool Optimizes, OnnxEquivalenceReport Report, int Right, int RightInIntegers)
{
    /// <summary>What stands above rows.</summary>
    public const string Header = "| form | bytes | optimised | codes | differ | unexplained | predictions | other than the integer "
        + "network's | right in ONNX Runtime | right in integers |\n|---|---|---|---|---|---|---|---|---|---|";

    /// <summary>A row.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {Form} | {Bytes:N0} | {(Optimizes ? "yes" : "no")} | {Report.Codes:N0} | {Report.CodesDifferent:N0} | {Report.Unexplained} "
        + $"| {Report.Images:N0} | {Report.TopOneDifferent} | {Right:N0} | {RightInIntegers:N0} |");
}
