using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>
/// Finds how a size that was seen in several recordings follows from the sizes of an operator's inputs: as one of them, or a product of up
/// to three neighbours, times a fraction.
/// </summary>
internal static class SizeRule
{
    private const int MostFactors = 3;

    /// <summary>The rule, or null where there is none.</summary>
    /// <param name="inputs">The operator's inputs.</param>
    /// <param name="values">The size in each recording.</param>
    public static SizeExpression? Find(IReadOnlyList<TensorArgument> inputs, IReadOnlyList<long> values)
    {
        if (values.All(value => value == values[0]))
        {
            return values[0] < -1 ? null : values[0];
        }

        var candidates = Candidates(inputs).Select(c => Rule(c.References, c.Sizes, values)).OfType<SizeExpression>().ToList();
        return candidates.Find(c => c is { Factor: 1, Divisor: 1 }) ?? candidates.FirstOrDefault();
    }

    /// <summary>Of neighbouring axes, few before many.</summary>
    private static IEnumerable<(EquatableList<SizeReference> References, long[] Sizes)> Candidates(IReadOnlyList<TensorArgument> inputs)
    {
        for (var count = 1; count <= MostFactors; count++)
        {
            for (var input = 0; input < inputs.Count; input++)
            {
                for (var axis = 0; axis + count <= inputs[input].Rank; axis++)
                {
                    var (of, from, to) = (input, axis, axis + count);
                    yield return (
                        [.. Enumerable.Range(from, count).Select(a => new SizeReference(of, a))],
                        [.. inputs[input].Shapes.Select(shape => Product(shape.Take(to).Skip(from)))]);
                }
            }
        }
    }

    private static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);

    private static SizeExpression? Rule(EquatableList<SizeReference> references, long[] sizes, IReadOnlyList<long> values)
    {
        if (sizes[0] < 1 || values[0] < 1 || sizes.Where((size, i) => values[i] * sizes[0] != values[0] * size).Any())
        {
            return null;
        }

        var common = (long)System.Numerics.BigInteger.GreatestCommonDivisor(values[0], sizes[0]);
        return SizeExpression.Product(references, values[0] / common, sizes[0] / common);
    }
}
