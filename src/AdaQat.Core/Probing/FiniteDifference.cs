namespace AdaQat;

/// <summary>
/// The finite difference of the training loss in one integer width, on the same mini-batch and at the same weights:
/// L(n) − L(n − 1), and at the minimum, which has no lower point, L(n + 1) − L(n) (AdaQAT, section III-B).
/// </summary>
/// <param name="Bits">n, at which the step's own loss was taken.</param>
/// <param name="Neighbour">n − 1, or n + 1 at the minimum.</param>
/// <param name="Loss">L(n).</param>
/// <param name="NeighbourLoss">The loss at the neighbour.</param>
public readonly record struct FiniteDifference(int Bits, int Neighbour, double Loss, double NeighbourLoss)
{
    /// <summary>The difference per bit, upwards; negative where more bits lower the loss.</summary>
    public double Value => Neighbour < Bits ? Loss - NeighbourLoss : NeighbourLoss - Loss;

    /// <summary>
    /// The difference that has the value <paramref name="value"/>, for a width at its bits now: the inverse of <see cref="Value"/>.
    /// </summary>
    internal static FiniteDifference Of(BitWidth width, double loss, double value)
    {
        var (bits, neighbour) = (width.Bits, NeighbourOf(width, width.Bits));
        return new FiniteDifference(bits, neighbour, loss, neighbour < bits ? loss - value : loss + value);
    }

    /// <summary>The other point for a width that is at <paramref name="bits"/> now. Points outside its range are never taken.</summary>
    public static int NeighbourOf(BitWidth width, int bits)
    {
        ArgumentNullException.ThrowIfNull(width);
        return bits > width.Minimum ? bits - 1 : bits + 1;
    }
}
