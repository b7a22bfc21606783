using System.Text.Json;

namespace AdaQat.Tests.Support;

/// <summary>The ranges that NumPy finds: Fixtures/observers.json.</summary>
internal sealed record ObserverFixtures(IReadOnlyList<ObserverFixtures.Case> Cases)
{
    private static readonly Lazy<ObserverFixtures> Loaded = new(() => JsonSerializer.Deserialize<ObserverFixtures>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "observers.json")), JsonSerializerOptions.Web)!);

    public static TheoryData<string> Kinds => [.. Loaded.Value.Cases.Select(c => c.Kind)];

    public static Case Of(string kind) => Loaded.Value.Cases.Single(c => c.Kind == kind);

    internal sealed record Case(
        string Kind, float[][] Values, double[] Ends, double[] Average, double[] Moving, Percentile[] Percentiles, Error[] Errors,
        Entropy[] Entropies)
    {
        /// <summary>From the smallest to the largest value.</summary>
        public double Extent => Ends[1] - Ends[0];
    }

    internal sealed record Percentile(double Share, double[] Range);

    internal sealed record Error(int Bits, bool Symmetric, double Least);

    internal sealed record Entropy(int Bits, double[] Range);
}
