namespace AdaQat.Studies.ProbeError;

/// <summary>One way of finding differences against measuring them, of one kind of width.</summary>
/// <param name="Kind">Weights or activations.</param>
/// <param name="Method">The way.</param>
/// <param name="OfMeans">Each width's mean over all steps against its measured mean: what a run's course depends on.</param>
/// <param name="OfSteps">Every single step against what would have been measured in it.</param>
public sealed record Comparison(string Kind, string Method, Agreement OfMeans, Agreement OfSteps)
{
    /// <summary>All ways, of weights and of activations.</summary>
    public static IReadOnlyList<Comparison> All(IReadOnlyList<Observation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        (string Name, Func<Observation, double?> Value)[] methods =
        [
            ("estimate as it is", o => o.Raw), ("estimate corrected", o => o.Corrected), ("round-robin, held", o => o.Held),
        ];
        return [.. observations.GroupBy(o => o.IsOfWeights).OrderByDescending(g => g.Key).SelectMany(kind => methods.Select(method => Of(
            kind.Key ? "weights" : "activations", method.Name, [.. kind.Select(o => (o.Width, Found: method.Value(o), o.Full))])))];
    }

    private static Comparison Of(string kind, string method, IReadOnlyList<(string Width, double? Found, double Full)> all)
    {
        var means = all.GroupBy(o => o.Width).Select(g => (Found: g.Average(o => o.Found), Full: g.Average(o => o.Full)));
        return new Comparison(kind, method, Agreement.Of(Known(means)), Agreement.Of(Known(all.Select(o => (o.Found, o.Full)))));
    }

    private static List<(double Found, double Measured)> Known(IEnumerable<(double? Found, double Full)> pairs) =>
        pairs.Where(p => p.Found is not null).Select(p => (p.Found!.Value, p.Full)).ToList();
}
