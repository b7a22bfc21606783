namespace AdaQat.Probing;

/// <summary>
/// The finite difference of the training loss in one integer width, on the same mini-batch and at the same weights:
/// L(n) − L(n − 1), and at the minimum, which has no lower point, L(n + 1) − L(n) (AdaQAT, section III-B). Where not every width is
/// allowed, the next one takes the place of n ∓ 1, and the difference is that of a bit on the way.
/// </summary>
/// <param name="Bits">n, at which the step's own loss was taken.</param>
/// <param name="Neighbour">n − 1, or n + 1 at the minimum: the next width that is allowed.</param>
/// <param name="Loss">L(n).</param>
/// <param name="NeighbourLoss">The loss at the neighbour.</param>
internal readonly record struct FiniteDifference(int Bits, int Neighbour, double Loss, double NeighbourLoss)
{
    /// <summary>The difference per bit, upwards; negative where more bits lower the loss.</summary>
    public double Value => (Loss - NeighbourLoss) / (Bits - Neighbour);

    /// <summary>
    /// The difference that has the value <paramref name="value"/>, for a width at its bits now: the inverse of <see cref="Value"/>.
    /// </summary>
    internal static FiniteDifference Of(BitWidth width, double loss, double value)
    {
        var (bits, neighbour) = (width.Bits, NeighbourOf(width, width.Bits));
        return new FiniteDifference(bits, neighbour, loss, loss - (value * (bits - neighbour)));
    }

    /// <summary>The other point for a width that is at <paramref name="bits"/> now. Points outside its range are never taken.</summary>
    public static int NeighbourOf(BitWidth width, int bits)
    {
        ArgumentNullException.ThrowIfNull(width);
        return width.Below(bits) ?? width.Above(bits) ?? bits;
    }
}
