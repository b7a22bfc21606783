namespace AdaQat.Reports.Bits;

/// <summary>The bits of a width.</summary>
/// <param name="Name">The layer's name, or the width's.</param>
/// <param name="Target">"weights" or "inputs".</param>
/// <param name="Bits">How tall the column is.</param>
/// <param name="Weight">How strong its colour is, among those of the others.</param>
/// <param name="Text">What is told of it when it is chosen.</param>
internal sealed record BitsColumn(string Name, string Target, int Bits, double Weight, string Text)
{
    public static string NameOf(QuantizerTarget target) => target == QuantizerTarget.Weight ? "weights" : "inputs";
}
