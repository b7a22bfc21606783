using AdaQat.Diagnostics;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>What <see cref="SensitivityAnalysis"/> tries.</summary>
public sealed record SensitivityOptions
{
    /// <summary>
    /// The widths that each weight is tried at: ascending, 1 to <see cref="BitWidth.MaximumBits"/>; none leaves weights out. Default 2, 3,
    /// 4, 5, 6, 8. One that a layer's family does not have is left out there, and said.
    /// </summary>
    public IReadOnlyList<int> WeightBits { get; init; } = [2, 3, 4, 5, 6, 8];

    /// <summary>The widths that each layer's input is tried at, likewise.</summary>
    public IReadOnlyList<int> ActivationBits { get; init; } = [2, 3, 4, 5, 6, 8];

    /// <summary>How many batches of epoch 0 are taken, from its first, at least 1; null, the default, takes all.</summary>
    public int? Batches { get; init; }

    /// <summary>
    /// How many samples of a batch are right, given output and target; null, the default, takes the largest score where the output is
    /// [batch, classes] and the target [batch] of integers, and counts nothing elsewhere.
    /// </summary>
    public Func<Tensor, Tensor, double>? CountCorrect { get; init; }

    /// <summary>
    /// Who chooses the range of each weight and input anew at each width that is tried: of the weight, and of the input in the first batch.
    /// Null, the default, takes the model's own range at every width, where it has one. Ranges that were chosen for 8 bits are mostly too
    /// wide for 2: for a network that gets its bits without training, or is calibrated at them before it, choose them here as there.
    /// </summary>
    public CalibrationOptions? Calibration { get; init; }

    /// <summary>
    /// A file from which the analysis goes on after it was cut off, written anew after each layer; it stays there when the analysis is
    /// done. Null, the default, keeps none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// Whether what comes before the changed layer is computed once a batch, by the model's graph. False, and a model whose graph can't be
    /// captured, compute every forward as a whole. Default true.
    /// </summary>
    public bool ReusesPrefix { get; init; } = true;

    internal void Validate()
    {
        Require(WeightBits, nameof(WeightBits));
        Require(ActivationBits, nameof(ActivationBits));
        Calibration?.Validate();
        if (WeightBits.Count + ActivationBits.Count == 0)
        {
            throw new ArgumentException($"{nameof(WeightBits)} and {nameof(ActivationBits)} are empty: there is nothing to try.");
        }
    }

    private static void Require(IReadOnlyList<int> bits, string name)
    {
        ArgumentNullException.ThrowIfNull(bits, name);
        foreach (var width in bits)
        {
            Guard.InRange(width, 1, BitWidth.MaximumBits, name);
        }

        if (bits.Zip(bits.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException($"{name} is {string.Join(", ", bits)}; widths must ascend.", name);
        }
    }
}
