using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>A linear layer over the last axis: accumulators y[…, m] = Σ x[…, c] · w[m, c], where x and w are integers of codes.</summary>
public sealed class LinearNode : IntegerNode
{
    /// <summary>A linear layer.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Codes […, inputs].</param>
    /// <param name="weights">[outputs, inputs].</param>
    /// <exception cref="IntegerModelException">
    /// Sizes don't fit each other, or accumulators could need more than 32 bits.
    /// </exception>
    public LinearNode(string name, IntegerNode input, IntegerWeights weights)
        : base(name, [input], ShapeOf(name, input, weights), WeightSums.Range(name, weights, (Codes)input.Type, skipsTaps: false))
    {
        Weights = weights;
    }

    /// <summary>The weights.</summary>
    public IntegerWeights Weights { get; }

    /// <inheritdoc/>
    public override long Macs => Shape.ElementCount * Weights.PerOutput;

    /// <inheritdoc/>
    public override long BitOps => Macs * Weights.Bits * ((Codes)Inputs[0].Type).Bits;

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var (x, count) = (inputs[0], inputs[0].Channels);
        for (var i = 0; i < output.Stored.Length; i++)
        {
            var (row, m) = Math.DivRem(i, output.Channels);
            for (var c = 0; c < count; c++)
            {
                output.Stored[i] += x.Integer(((long)row * count) + c) * Weights.Integer(m, c);
            }
        }
    }

    private static Shape ShapeOf(string name, IntegerNode input, IntegerWeights weights)
    {
        CodesOf(name, input);
        ArgumentNullException.ThrowIfNull(weights);
        var rank = input.Shape.Rank;
        return rank > 0 && weights.Shape.Rank == 2 && input.Shape[rank - 1] == weights.Shape[1]
            ? input.Shape.With(rank - 1, weights.Outputs)
            : throw Fault(name, $"its input is {input.Shape} and its weights are {weights.Shape}; allowed are […, inputs] and "
                + "[outputs, inputs].");
    }
}
