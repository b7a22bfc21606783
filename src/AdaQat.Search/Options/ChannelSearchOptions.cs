using AdaQat.Checkpoints;
using AdaQat.Training;

namespace AdaQat.Search;

/// <summary>The choices of a <see cref="ChannelSearch"/>, checked once, before anything happens.</summary>
public sealed record ChannelSearchOptions
{
    /// <summary>
    /// How the network is quantized while it is searched, and derived networks with it: every width fixed, as in
    /// <c>new QuantizationOptions { WeightBits = BitWidthChoice.Fixed(2), ActivationBits = BitWidthChoice.Fixed(2) }</c>. Null, the
    /// default, for a search in float.
    /// </summary>
    public QuantizationScheme? Scheme { get; init; }

    /// <summary>
    /// The candidates of each layer, as shares of the channels that the builder takes by default: ascending, above 0, at least one.
    /// Default 0.3, 0.4, … 1.0, as in TAS. Shares that come to the same number of channels are one candidate.
    /// </summary>
    public IReadOnlyList<double> CandidateRatios { get; init; } = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

    /// <summary>
    /// T: a layer grows whose widest candidate has a softmax(α) above it when layers may grow. Above 0; infinity, or 1 and more, for none,
    /// which is pruning alone (TAS). Default 0.2, where eight candidates begin at 0.125. A layer of one candidate never grows. With
    /// <see cref="ExpansionMeasure.Alpha"/> it is beside α: any number, infinity for pruning alone.
    /// </summary>
    public double ExpansionThreshold { get; init; } = 0.2;

    /// <summary>What of the widest candidate T is for. Default its preference, softmax(α).</summary>
    public ExpansionMeasure ExpansionMeasure { get; init; } = ExpansionMeasure.Preference;

    /// <summary>
    /// How often layers may grow: each time after so many epochs, but for the end. Above 0; 0.5 is twice an epoch. Default 1.
    /// </summary>
    public double GrowthInterval { get; init; } = 1;

    /// <summary>How much a layer grows at a time, as a share of its default channels: above 0. Default 0.2.</summary>
    public double Growth { get; init; } = 0.2;

    /// <summary>The most that a layer grows to, as a share of its default channels: at least the largest candidate. Default 2.</summary>
    public double MaximumGrowth { get; init; } = 2;

    /// <summary>Where the α of a new candidate begins. Default at that of the widest before it.</summary>
    public NewAlpha NewAlpha { get; init; } = NewAlpha.AsWidest;

    /// <summary>How weights and batch normalisations of a new candidate begin. Default weights as the builder makes them.</summary>
    public NewChannels NewChannels { get; init; } = NewChannels.AsBuilt;

    /// <summary>How two candidates that are drawn are put together. Default as in TAS and NCE.</summary>
    public ChannelMixing Mixing { get; init; } = ChannelMixing.Interpolate;

    /// <summary>The multiply-accumulate operations of a sample to arrive at; null, the default, for no such target. Above 0.</summary>
    public double? TargetMacs { get; init; }

    /// <summary>The number of the model's parameters to arrive at; null, the default, for no such target. Above 0.</summary>
    public double? TargetParameters { get; init; }

    /// <summary>
    /// λ of the loss of multiplications, 0 and more: how long its gradient by α is, where it is not 0, beside that of the task's loss.
    /// Default 1. (TAS adds the gradients as they are, weighted by 2.)
    /// </summary>
    public double MacsWeight { get; init; } = 1;

    /// <summary>λ of the loss of parameters, 0 and more, of the same meaning. Default 1.</summary>
    public double ParametersWeight { get; init; } = 1;

    /// <summary>How often the training data are gone through: at least 1. Default 6.</summary>
    public int Epochs { get; init; } = 6;

    /// <summary>The learning rate of the weights (SGD) at the start: above 0. Default 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>How it goes on. Default half a cosine down to 0.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine();

    /// <summary>The momentum of the weights, 0 up to, not including, 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The weight decay of the weights, 0 and more. Default 1e-4.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// The learning rate of α (Adam, β 0.5 and 0.999): above 0. Default 1e-2, for searches of some hundred steps; TAS has 1e-3, for some
    /// hundred epochs.
    /// </summary>
    public double ChannelLearningRate { get; init; } = 1e-2;

    /// <summary>τ at the start, above 0. It falls along half a cosine. Default 5, as in TAS.</summary>
    public double StartTemperature { get; init; } = 5;

    /// <summary>
    /// τ at the end, above 0. Default 1, at which α's gradients are calm enough for a short search; TAS has 0.1.
    /// </summary>
    public double EndTemperature { get; init; } = 1;

    /// <summary>What α's start and the draws follow from. Default 1. The weights' start follows from torch's own generator.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// Where checkpoints go, after every epoch and when the search is interrupted, in place of one that may be there; null, the default,
    /// for none. A file of another kind is not overwritten: the search does not begin.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>A checkpoint also after every so many steps; null only after epochs. At least 1. Default null.</summary>
    public int? CheckpointInterval { get; init; }

    /// <summary>Whether any layer may grow.</summary>
    internal bool Grows => ExpansionThreshold < (ExpansionMeasure == ExpansionMeasure.Alpha ? double.PositiveInfinity : 1);

    /// <summary>Checks all choices.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(CandidateRatios);
        ArgumentNullException.ThrowIfNull(Schedule);
        if (CandidateRatios.Count == 0 || CandidateRatios.Any(r => !double.IsFinite(r) || r <= 0)
            || CandidateRatios.Zip(CandidateRatios.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"CandidateRatios are [{string.Join("; ", CandidateRatios)}]; allowed are numbers above 0, ascending, at least one."));
        }

        RequireDefined(ExpansionMeasure, nameof(ExpansionMeasure));
        RequireDefined(NewAlpha, nameof(NewAlpha));
        RequireDefined(NewChannels, nameof(NewChannels));
        RequireDefined(Mixing, nameof(Mixing));
        if (ExpansionMeasure == ExpansionMeasure.Alpha)
        {
            Require(!double.IsNaN(ExpansionThreshold), nameof(ExpansionThreshold), ExpansionThreshold, "any number, infinity among them");
        }
        else
        {
            Require(ExpansionThreshold > 0, nameof(ExpansionThreshold), ExpansionThreshold, "above 0, infinity among them");
        }

        Require(double.IsFinite(GrowthInterval) && GrowthInterval > 0, nameof(GrowthInterval), GrowthInterval, "above 0, finite");
        Require(double.IsFinite(Growth) && Growth > 0, nameof(Growth), Growth, "above 0, finite");
        Require(
            double.IsFinite(MaximumGrowth) && MaximumGrowth >= CandidateRatios[^1], nameof(MaximumGrowth), MaximumGrowth,
            FormattableString.Invariant($"{CandidateRatios[^1]}, the largest of CandidateRatios, and above, finite"));
        Require(TargetMacs is not { } macs || (double.IsFinite(macs) && macs > 0), nameof(TargetMacs), TargetMacs ?? 0, "above 0");
        Require(
            TargetParameters is not { } count || (double.IsFinite(count) && count > 0), nameof(TargetParameters), TargetParameters ?? 0,
            "above 0");
        Require(double.IsFinite(MacsWeight) && MacsWeight >= 0, nameof(MacsWeight), MacsWeight, "0 and above, finite");
        Require(
            double.IsFinite(ParametersWeight) && ParametersWeight >= 0, nameof(ParametersWeight), ParametersWeight, "0 and above, finite");
        Require(Epochs >= 1, nameof(Epochs), Epochs, "1 and above");
        Require(double.IsFinite(LearningRate) && LearningRate > 0, nameof(LearningRate), LearningRate, "above 0, finite");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "0 up to, not including, 1");
        Require(double.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "0 and above, finite");
        Require(
            double.IsFinite(ChannelLearningRate) && ChannelLearningRate > 0, nameof(ChannelLearningRate), ChannelLearningRate,
            "above 0, finite");
        Require(double.IsFinite(StartTemperature) && StartTemperature > 0, nameof(StartTemperature), StartTemperature, "above 0, finite");
        Require(double.IsFinite(EndTemperature) && EndTemperature > 0, nameof(EndTemperature), EndTemperature, "above 0, finite");
        CheckpointTarget.Validate(CheckpointPath, CheckpointInterval);
        Schedule.Validate();
        Scheme?.Validate();
    }

    private static void RequireDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentException($"{name} is {value}; allowed are {string.Join(", ", Enum.GetNames<T>())}.", name);
        }
    }

    private static void Require(bool isAllowed, string name, double value, string allowed)
    {
        if (!isAllowed)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; allowed is {allowed}."), name);
        }
    }
}
