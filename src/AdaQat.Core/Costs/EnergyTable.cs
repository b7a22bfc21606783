using AdaQat.Costs;
using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>The energies of operations by their width: one of a publication, or measured on a device of your own.</summary>
/// <remarks>
/// Between the widths of the table, integer multiplications are linear in the product of the operands' widths, and additions linear in the
/// width, both from 0 at 0 bits; beyond the largest width they go on as between the two before it. That is an estimate: a processor
/// without arithmetic of 3 bits computes with 8, and takes what 8 bits take.
/// </remarks>
public sealed record EnergyTable
{
    /// <summary>
    /// 45 nm at 0.9 V: M. Horowitz, Computing's Energy Problem (and what we can do about it), ISSCC 2014, figure 1.1.9. Memories are
    /// <see cref="MemoryEnergy.OnChip1MiB"/>, for weights and activations alike.
    /// </summary>
    public static EnergyTable Horowitz45 { get; } = new()
    {
        Source = "M. Horowitz, ISSCC 2014, 45 nm, 0.9 V",
        Multiplications = [new(8, 0.2), new(32, 3.1)],
        Additions = [new(8, 0.03), new(32, 0.1)],
        FloatMultiplication = 3.7,
        FloatAddition = 0.9,
        WeightMemory = MemoryEnergy.OnChip1MiB,
        ActivationMemory = MemoryEnergy.OnChip1MiB,
    };

    /// <summary>Where the numbers are from.</summary>
    public required string Source { get; init; }

    /// <summary>Integer multiplications of two operands of a width, ascending in width and energy; at least one.</summary>
    public required IReadOnlyList<OperationEnergy> Multiplications { get; init; }

    /// <summary>Integer additions of a width, ascending in width and energy; at least one.</summary>
    public required IReadOnlyList<OperationEnergy> Additions { get; init; }

    /// <summary>A multiplication in float32, above 0, in pJ.</summary>
    public required double FloatMultiplication { get; init; }

    /// <summary>An addition in float32, above 0, in pJ.</summary>
    public required double FloatAddition { get; init; }

    /// <summary>Moving one bit of a weight from memory, 0 and more, in pJ.</summary>
    public required double WeightMemory { get; init; }

    /// <summary>Moving one bit of an activation from or to memory, 0 and more, in pJ.</summary>
    public required double ActivationMemory { get; init; }

    /// <summary>The width in which products are summed, 8 to 64. Default 32.</summary>
    public int AccumulatorBits { get; init; } = 32;

    /// <summary>
    /// Reads a table of your own: a CSV file with the columns <c>operation,bits,picojoules</c>. Operations are <c>multiply</c> and
    /// <c>add</c>, each in one row a width, <c>float-multiply</c> and <c>float-add</c> at 32 bits, and <c>weight-memory</c> and
    /// <c>activation-memory</c> at 1 bit.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no such table; the message names the line and the column, or what is missing.
    /// </exception>
    public static EnergyTable Read(string path) => EnergyFile.Read(path);

    /// <summary>A multiplication of a weight and an activation, in pJ; of float32 where one of them is in float.</summary>
    /// <param name="weightBits">n_w, 1 and more.</param>
    /// <param name="activationBits">n_a, 1 and more.</param>
    public double Multiplication(int weightBits, int activationBits) => IsFloat(weightBits, activationBits)
        ? FloatMultiplication
        : PiecewiseLinear.Through([.. Multiplications.Select(m => (Square(m.Bits), m.Picojoules))], (double)weightBits * activationBits);

    /// <summary>An addition of integers of a width, in pJ.</summary>
    /// <param name="bits">The width, 1 and more.</param>
    public double Addition(int bits) => PiecewiseLinear.Through([.. Additions.Select(a => ((double)a.Bits, a.Picojoules))], bits);

    /// <summary>A product and its sum into the accumulator, in pJ.</summary>
    /// <param name="weightBits">n_w, 1 and more.</param>
    /// <param name="activationBits">n_a, 1 and more.</param>
    public double MultiplyAccumulate(int weightBits, int activationBits) => Multiplication(weightBits, activationBits)
        + (IsFloat(weightBits, activationBits) ? FloatAddition : Addition(AccumulatorBits));

    /// <summary>Refuses numbers outside what is allowed; the message names the property.</summary>
    /// <exception cref="ArgumentException">A list is empty or does not ascend, or a number is outside its range.</exception>
    public void Validate()
    {
        RequireAscending(Multiplications, nameof(Multiplications));
        RequireAscending(Additions, nameof(Additions));
        Guard.Positive(FloatMultiplication, nameof(FloatMultiplication));
        Guard.Positive(FloatAddition, nameof(FloatAddition));
        Guard.NotNegative(WeightMemory, nameof(WeightMemory));
        Guard.NotNegative(ActivationMemory, nameof(ActivationMemory));
        Guard.InRange(AccumulatorBits, 8, 64, nameof(AccumulatorBits));
        var (widest, inFloat) = (MultiplyAccumulate(BitWidth.MaximumBits, BitWidth.MaximumBits), FloatMultiplication + FloatAddition);
        if (widest > inFloat)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"A product of {BitWidth.MaximumBits} bits and its sum take {widest} pJ, more than the {inFloat} pJ of float32: a cost ")
                + "must not fall with more bits.", nameof(FloatMultiplication));
        }
    }

    private static double Square(int bits) => (double)bits * bits;

    private static bool IsFloat(int weightBits, int activationBits) =>
        weightBits == BitWidth.FloatBits || activationBits == BitWidth.FloatBits;

    private static void RequireAscending(IReadOnlyList<OperationEnergy> energies, string name)
    {
        if (energies is not { Count: > 0 })
        {
            throw new ArgumentException($"{name} is empty; at least one width is needed.", name);
        }

        OperationEnergy before = new(0, 0);
        foreach (var energy in energies)
        {
            Guard.Positive(energy.Picojoules, name);
            if (energy.Bits <= before.Bits || energy.Picojoules < before.Picojoules)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{name} has {energy.Picojoules} pJ at {energy.Bits} bits after {before.Picojoules} pJ ")
                    + FormattableString.Invariant($"at {before.Bits} bits; widths must ascend, and energies must not fall."), name);
            }

            before = energy;
        }
    }
}
