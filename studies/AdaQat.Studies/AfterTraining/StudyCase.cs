using AdaQat.Quantizers;

namespace AdaQat.Studies.AfterTraining;

/// <summary>A row of the table: how a network is quantized.</summary>
/// <param name="WeightBits">The width of weights, but of the first and the last layer, which have 8.</param>
/// <param name="ActivationBits">The width of inputs, likewise.</param>
/// <param name="Observer">Who chooses ranges, by its name.</param>
/// <param name="Granularity">How far a weight's scale reaches: <c>tensor</c> or <c>channel</c>.</param>
/// <param name="Correction">One of <see cref="StudyCorrection.Names"/>.</param>
public sealed record StudyCase(int WeightBits, int ActivationBits, string Observer, string Granularity, string Correction)
{
    private const string LeastError = "mse";
    private static readonly (int Weights, int Activations)[] Widths = [(8, 8), (4, 8), (4, 4)];
    private static readonly string[] Granularities = ["tensor", "channel"];

    private static readonly Dictionary<string, ObserverOptions> Observers = new()
    {
        ["min-max"] = new MinMaxObserverOptions(),
        ["average"] = new MovingAverageObserverOptions(),
        ["percentile"] = new PercentileObserverOptions(),
        [LeastError] = new MeanSquaredErrorObserverOptions(),
        ["entropy"] = new EntropyObserverOptions(),
    };

    /// <summary>The observer's choices.</summary>
    public ObserverOptions ObserverOptions => Observers[Observer];

    /// <summary>All rows: each observer without a correction, and each correction with the observer of least error, or with each.</summary>
    public static IEnumerable<StudyCase> All(bool isFull) =>
        from bits in Widths
        from granularity in Granularities
        from observer in Observers.Keys
        from correction in StudyCorrection.Names
        where isFull || observer == LeastError || correction == StudyCorrection.None
        select new StudyCase(bits.Weights, bits.Activations, observer, granularity, correction);

    /// <summary>Static affine ranges for weights and inputs.</summary>
    public QuantizationOptions Scheme() => new()
    {
        Weights = new AffineOptions
        {
            Range = RangeSource.Static,
            Granularity = Granularity == "channel" ? AdaQat.Granularity.PerChannel() : AdaQat.Granularity.PerTensor,
        },
        Activations = new AffineOptions(),
        WeightBits = BitWidthChoice.Fixed(WeightBits),
        ActivationBits = BitWidthChoice.Fixed(ActivationBits),
    };
}
