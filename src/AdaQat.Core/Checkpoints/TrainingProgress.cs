using System.Text.Json.Serialization;
using AdaQat.Diagnostics;

namespace AdaQat.Training;

/// <summary>Where a run stands. A loop of your own needs no more than the first three, and of these only what it counts.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Batch">Batches done in the epoch under way.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Samples">Samples seen in the epoch under way.</param>
/// <param name="LossSum">Their losses, summed.</param>
/// <param name="Correct">How many of them were right; null where nothing is counted.</param>
public sealed record TrainingProgress(
    int Epoch = 0, int Batch = 0, int Step = 0, long Samples = 0, double LossSum = 0, double? Correct = 0)
{
    private static readonly IReadOnlyDictionary<string, string> NoNotes = new Dictionary<string, string>();

    /// <summary>A run that has not begun.</summary>
    public static TrainingProgress Start { get; } = new();

    /// <summary>Text of your own that a checkpoint keeps, such as a metric's best value. Default none.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Notes { get; init; } = NoNotes;

    /// <summary>How many batches an epoch has, so that no run goes on with another number; null where that is not known.</summary>
    public int? BatchesPerEpoch { get; init; }

    /// <summary>The epoch under way so far.</summary>
    internal Evaluation Train => new(LossSum / Samples, Correct / Samples, Samples);

    internal void Validate()
    {
        Guard.AtLeast(Epoch, 0, nameof(Epoch));
        Guard.AtLeast(Batch, 0, nameof(Batch));
        Guard.AtLeast(Step, 0, nameof(Step));
        if (!double.IsFinite(LossSum) || !double.IsFinite(Correct ?? 0))
        {
            throw new ArgumentOutOfRangeException(nameof(LossSum), FormattableString.Invariant(
                $"LossSum is {LossSum} and Correct is {Correct}; allowed are finite numbers."));
        }

        foreach (var (name, text) in Notes)
        {
            _ = text ?? throw new ArgumentException($"The note '{name}' is null; give a text, or leave it out.", nameof(Notes));
        }
    }

    internal TrainingProgress After(long samples, double loss, double? correct) => this with
    {
        Batch = Batch + 1,
        Step = Step + 1,
        Samples = Samples + samples,
        LossSum = LossSum + (loss * samples),
        Correct = Correct + correct,
    };

    internal TrainingProgress NextEpoch() => Start with
    {
        Epoch = Epoch + 1,
        Step = Step,
        Notes = Notes,
        BatchesPerEpoch = BatchesPerEpoch,
    };

    internal TrainingProgress With(IReadOnlyDictionary<string, string> notes) => notes.Count == 0 ? this : this with { Notes = notes };
}
