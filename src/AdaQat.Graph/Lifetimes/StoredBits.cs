namespace AdaQat.Graph;

/// <summary>How many bits an element of a value takes where it is stored, as far as quantizers say it.</summary>
/// <remarks>
/// What a quantizer makes takes its bits. So does what is chosen from such values or only arranged anew: maximum pooling, reshapes,
/// permutations, expansions, slices and splits; a concatenation takes the most bits of its parts. Everything else takes the bits of a
/// number that is not quantized.
/// </remarks>
public sealed class StoredBits
{
    private readonly Dictionary<int, int> _bits = [];

    private StoredBits(ModelGraph graph, int otherwise)
    {
        foreach (var node in graph.Nodes)
        {
            var bits = node.Operator switch
            {
                QuantizeOperator quantize => quantize.Bits,
                MaxPoolOperator or AdaptivePoolOperator { Reduction: Reduction.Max } or ReshapeOperator or PermuteOperator or ExpandOperator
                    or SliceOperator or SplitOperator => _bits[node.Inputs[0].Id],
                ConcatOperator => node.Inputs.Max(input => _bits[input.Id]),
                _ => otherwise,
            };
            foreach (var output in node.Outputs)
            {
                _bits[output.Id] = bits;
            }
        }
    }

    /// <summary>The bits of a value.</summary>
    /// <param name="value">A value of the graph.</param>
    /// <exception cref="GraphException">It is of another graph.</exception>
    public int this[GraphValue value]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(value);
            return _bits.TryGetValue(value.Id, out var bits) ? bits : throw new GraphException($"The graph has no value {value}.");
        }
    }

    /// <summary>The bits of a graph's values; <c>ActivationLifetimes.Of(graph).Peak(value => bits[value])</c> counts with them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="otherwise">The bits of a number that is not quantized, 1 and more.</param>
    /// <returns>The bits.</returns>
    public static StoredBits Of(ModelGraph graph, int otherwise = 32)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(otherwise, 1);
        return new(graph, otherwise);
    }
}
