namespace AdaQat.Search.Spaces;

/// <summary>A part of a cost: a number times sizes that follow from channels.</summary>
/// <param name="Factor">The number, with the sizes that are always the same.</param>
/// <param name="Sizes">The other sizes, each with the place of the group that it follows from.</param>
internal sealed record CostTerm(double Factor, IReadOnlyList<(int Group, SizeRule Rule)> Sizes)
{
    /// <summary>At so many channels of each group.</summary>
    public double At(IReadOnlyList<int> channels) =>
        Sizes.Aggregate(Factor, (product, size) => product * size.Rule.At(channels[size.Group]));
}
