using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>A value of the graph as integers of a node, and what real numbers those stand for.</summary>
/// <param name="Node">The node.</param>
/// <param name="Order">Which axis of the graph's value each of the node's axes is; the graph's axis 0 is the batch.</param>
/// <param name="Maps">One for all elements, or one for each element along <paramref name="Axis"/>.</param>
/// <param name="Axis">The graph's axis that has a map each.</param>
/// <param name="Grid">The grid of which the node has the codes; null where it has other numbers, or where a function follows.</param>
internal sealed record RealValue(
    IntegerNode Node, EquatableList<int> Order, EquatableList<ChannelMap> Maps, int Axis = 0, CodeGrid? Grid = null)
{
    public bool IsUniform => Maps.Count == 1;

    public ChannelMap Map => Maps[0];

    /// <summary>Floats that stand for themselves.</summary>
    public bool IsPlainFloats => Node.Type is Floats && IsUniform && Map == ChannelMap.Same;

    /// <summary>Integers that stand for a multiple of themselves plus a constant, the same for all.</summary>
    public bool IsScaled => Node.Type is not Floats && IsUniform && Map.IsAffine;

    /// <summary>Whether a function that is not affine and clamped is in what integers stand for.</summary>
    public bool IsCurved => Maps.Any(map => map.Curve is not null);

    /// <summary>
    /// Whether all numbers are whole multiples of this step plus one constant, one step an integer, and so few that two have a sum of 32
    /// bits.
    /// </summary>
    public bool IsMultipleOf(Rational step)
    {
        bool IsWhole(Rational? number) => number is not { } known || (known / step).Denominator.IsOne;

        return Node.Type is not Floats && IsUniform && !IsCurved && step.Sign > 0 && Map.Slope == step
            && (Map.IsAffine || (IsWhole(Map.Shift) && IsWhole(Map.Low) && IsWhole(Map.High)))
            && Math.Max(-Node.Type.MinInteger, Node.Type.MaxInteger) < 1L << 30;
    }

    /// <summary>The graph's axes in their order.</summary>
    public EquatableList<int> Natural => [.. Order.Order()];

    /// <summary>The largest magnitude that can occur; of a curved value, which has codes, that of all of them.</summary>
    public Rational Bound => Maps.SelectMany(map => (IsCurved ? Integers : [Node.Type.MinInteger, Node.Type.MaxInteger]).Select(
        number => map.Of(number).Magnitude)).Aggregate(Rational.Max);

    /// <summary>The integers of all codes.</summary>
    public IEnumerable<long> Integers => Node.Type is not Codes codes ? throw new InvalidOperationException("The value has no codes.")
        : Enumerable.Range(0, codes.MaxCode + 1).Select(code => ((long)codes.Multiplier * code) + codes.Offset);

    /// <summary>The size of the graph's value along an axis.</summary>
    public long Size(int axis) => Node.Shape[Place(axis)];

    /// <summary>Where an axis of the graph's value is in the node's.</summary>
    public int Place(int axis) => Order.Index().First(pair => pair.Item == axis).Index;

    /// <summary>Channels last, as layers with windows need them; other values in the graph's order.</summary>
    public static EquatableList<int> ChannelsLast(int rank) => [.. Enumerable.Range(2, Math.Max(0, rank - 2)), 1];

    /// <summary>A function of each element behind what there is.</summary>
    public RealValue Then(Func<ChannelMap, ChannelMap> function) => this with { Maps = [.. Maps.Select(function)], Grid = null };

    /// <summary>
    /// An affine function with a factor and a term for each element along an axis; null where maps are along another one.
    /// </summary>
    public RealValue? Then(int axis, IReadOnlyList<Rational> factors, IReadOnlyList<Rational> terms)
    {
        if (factors.Count == 1)
        {
            return Then(map => map.Then(factors[0], terms[0]));
        }

        return !IsUniform && Axis != axis ? null : this with
        {
            Maps = [.. factors.Select((factor, i) => Maps[IsUniform ? 0 : i].Then(factor, terms[i]))],
            Axis = axis,
            Grid = null,
        };
    }
}
