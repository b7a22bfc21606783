using AdaQat.Search.Spaces;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>The candidates of all groups, and those that are computed with now.</summary>
internal sealed class CandidateWidths
{
    private readonly SearchSpace _space;
    private readonly Dictionary<ChannelGroup, int> _place;

    /// <param name="space">The groups.</param>
    /// <param name="candidates">For each group its numbers of channels, ascending.</param>
    /// <param name="mixing">How two of them are put together.</param>
    public CandidateWidths(SearchSpace space, IReadOnlyList<IReadOnlyList<int>> candidates, ChannelMixing mixing)
    {
        (_space, Candidates, Mixing) = (space, candidates, mixing);
        _place = space.Groups.Index().ToDictionary(
            g => g.Item, g => g.Index, (IEqualityComparer<ChannelGroup>)ReferenceEqualityComparer.Instance);
        Draws = [.. candidates.Select(c => ChannelDraw.Of(c.Count - 1))];
    }

    public IReadOnlyList<IReadOnlyList<int>> Candidates { get; }

    public ChannelMixing Mixing { get; }

    /// <summary>What each group computes with.</summary>
    public IReadOnlyList<ChannelDraw> Draws { get; set; }

    /// <summary>What the group computes with that a size follows from; null where it is always the same.</summary>
    public ChannelDraw? DrawOf(SizeRule rule) => _space.GroupOf(rule) is { } group ? Draws[_place[group]] : null;

    /// <summary>The size at a candidate.</summary>
    public long SizeAt(SizeRule rule, int candidate) => rule.At(Candidates[_place[_space.GroupOf(rule)!]][candidate]);

    /// <summary>How many candidates the group has that a size follows from.</summary>
    public int CountOf(SizeRule rule) => Candidates[_place[_space.GroupOf(rule)!]].Count;

    /// <summary>The size that is computed with now.</summary>
    public long Active(SizeRule rule) => DrawOf(rule) is { } draw ? SizeAt(rule, draw.High) : rule.At(rule.Default);

    /// <summary>The part of a tensor that is computed with now: the tensor itself where that is all of it, else a new one.</summary>
    public Tensor ActivePart(string name, Tensor full) => Slice(full, Array.ConvertAll(_space.RulesOf(name), Active));

    /// <summary>The first elements along each axis: the tensor itself where that is all of it, else a new one.</summary>
    public static Tensor Slice(Tensor full, long[] shape)
    {
        if (full.shape.AsSpan().SequenceEqual(shape))
        {
            return full;
        }

        using var scope = NewDisposeScope();
        var part = full;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            part = part.shape[axis] == shape[axis] ? part : part.narrow(axis, 0, shape[axis]);
        }

        // Quantizers read memory in its order.
        return part.contiguous().MoveToOuterDisposeScope();
    }
}
