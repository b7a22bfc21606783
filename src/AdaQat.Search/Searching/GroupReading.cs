namespace AdaQat.Search;

/// <summary>How the channels of a layer, or of several that must agree, stand.</summary>
/// <param name="Layer">The name that the builder asks for; of several the first.</param>
/// <param name="Default">The channels by default.</param>
/// <param name="Candidates">The numbers to choose from, ascending.</param>
/// <param name="Preferences">softmax(α), one for each candidate.</param>
/// <param name="Alphas">α, one for each candidate.</param>
/// <param name="Preferred">The candidate with the largest.</param>
public sealed record GroupReading(
    string Layer, int Default, IReadOnlyList<int> Candidates, IReadOnlyList<double> Preferences, IReadOnlyList<double> Alphas,
    int Preferred)
{
    /// <summary>What of the widest candidate is held beside T.</summary>
    internal double OfWidest(ExpansionMeasure measure) => measure == ExpansionMeasure.Alpha ? Alphas[^1] : Preferences[^1];
}
