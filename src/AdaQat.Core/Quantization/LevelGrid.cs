using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>Values of any spacing: a table of levels, in which a code is the place of its value, from 0.</summary>
public sealed record LevelGrid : QuantizationGrid
{
    /// <summary>Makes the table.</summary>
    /// <param name="levels">At least one finite number.</param>
    /// <exception cref="ArgumentException">There is none, or one is NaN or infinite.</exception>
    public LevelGrid(IReadOnlyList<double> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        if (levels.Count == 0 || levels.Any(level => !double.IsFinite(level)))
        {
            throw new ArgumentException(
                $"There are {levels.Count} levels, of which {levels.Count(l => !double.IsFinite(l))} are NaN or infinite; a grid "
                + "needs finite ones.",
                nameof(levels));
        }

        Levels = levels;
    }

    /// <summary>The values, in the order of their codes.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <inheritdoc/>
    public override int SmallestCode => 0;

    /// <inheritdoc/>
    public override int LargestCode => Levels.Count - 1;

    /// <inheritdoc/>
    public override Tensor Decode(Tensor codes, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(codes);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var levels = tensor(Levels.ToArray(), dtype: ScalarType.Float64).to(type).to(codes.device);
        return levels.index_select(0, codes.to(ScalarType.Int64).reshape(-1)).reshape(codes.shape).MoveToOuterDisposeScope();
    }
}
