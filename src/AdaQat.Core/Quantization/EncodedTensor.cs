using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>A tensor as integers: its codes, and the grid that says what they stand for.</summary>
public sealed class EncodedTensor : IDisposable
{
    /// <summary>Takes over <paramref name="codes"/>.</summary>
    /// <param name="codes">Int32, of the tensor's shape, each a code of the grid.</param>
    /// <param name="grid">What they stand for.</param>
    /// <param name="type">The type of the tensor that was encoded.</param>
    /// <exception cref="ArgumentException">The codes are of another type, or one is outside the grid's.</exception>
    public EncodedTensor(Tensor codes, QuantizationGrid grid, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(grid);
        if (codes.dtype != ScalarType.Int32)
        {
            throw new ArgumentException($"The codes are {codes.dtype}; allowed is Int32.", nameof(codes));
        }

        RequireInGrid(codes, grid);
        (Codes, Grid, Type) = (codes.DetachFromDisposeScope(), grid, type);
    }

    /// <summary>Int32, of the tensor's shape.</summary>
    public Tensor Codes { get; }

    /// <summary>What the codes stand for.</summary>
    public QuantizationGrid Grid { get; }

    /// <summary>The type of the tensor that was encoded, in whose arithmetic its values are made.</summary>
    public ScalarType Type { get; }

    /// <summary>The values: to the bit what the quantizer's <c>forward</c> returns.</summary>
    /// <returns>A new tensor, the caller's to dispose.</returns>
    public Tensor Decode() => Grid.Decode(Codes, Type);

    /// <summary>Disposes the codes.</summary>
    public void Dispose() => Codes.Dispose();

    private static void RequireInGrid(Tensor codes, QuantizationGrid grid)
    {
        using var scope = NewDisposeScope();
        if (codes.numel() > 0 && (codes.min().item<int>(), codes.max().item<int>()) is var (least, most)
            && (least < grid.SmallestCode || most > grid.LargestCode))
        {
            throw new ArgumentException(
                $"There are codes from {least} to {most}; allowed are {grid.SmallestCode} to {grid.LargestCode}.", nameof(codes));
        }
    }
}
