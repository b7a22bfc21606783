namespace AdaQat.Graph;

/// <summary>
/// Group normalisation; instance normalisation has as many groups as channels. Inputs: x [N, C, …]; if they are learned gamma, and beta,
/// [C].
/// </summary>
/// <remarks>
/// y = (x − mean) / √(variance + ε) · gamma[c] + beta[c]; mean and variance over all of the channels of a group of one image.
/// </remarks>
public sealed record GroupNormOperator : SingleOutputOperator
{
    /// <summary>Group normalisation.</summary>
    /// <param name="groups">Into how many groups channels are divided, 1 and more; channels are a multiple of it.</param>
    /// <param name="epsilon">What is added to the variance: finite, 0 and more.</param>
    /// <exception cref="GraphException">A number is outside what is allowed.</exception>
    public GroupNormOperator(long groups, double epsilon = 1e-5) => (Groups, Epsilon) =
        (Require.AtLeast(groups, 1, "number of groups"), Require.NotNegative(epsilon, nameof(epsilon)));

    /// <summary>Into how many groups channels are divided.</summary>
    public long Groups { get; }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "group_norm";

    /// <inheritdoc/>
    public override EquatableList<AttributeValue> Attributes => [new("groups", Groups), new("eps", Epsilon, Epsilon == 1e-5)];

    internal override OperatorInputs InputsAllowed => OperatorInputs.Scaled;

    internal static GroupNormOperator Read(AttributeReader attributes) => new(attributes.Long("groups"), attributes.Double("eps"));

    private protected override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Require.Rank(inputs[0], 2, int.MaxValue, "input");
        if (inputs[0][1] % Groups != 0)
        {
            throw new GraphException($"the input {inputs[0]} has {inputs[0][1]} channels; allowed are multiples of the {Groups} groups.");
        }

        for (var input = 1; input < inputs.Count; input++)
        {
            Require.ShapeIs(inputs[input], [inputs[0][1]], InputsAllowed.NameOf(input));
        }

        return inputs[0];
    }

    private protected override void Compute(ReadOnlySpan<Operand> inputs, Shape shape, Span<double> output)
    {
        ReadOnlySpan<double> x = inputs[0].Values;
        var gamma = inputs.Length > 1 ? inputs[1].Values : default;
        var beta = inputs.Length > 2 ? inputs[2].Values : default;
        var channels = AxisSpan.Of(shape, 1);
        var length = channels.Size / (int)Groups * channels.Inner;
        for (var start = 0; start < output.Length; start += length)
        {
            Standardization.Apply(x.Slice(start, length), output.Slice(start, length), Epsilon);
        }

        for (var i = 0; i < output.Length && inputs.Length > 1; i++)
        {
            var channel = i / channels.Inner % channels.Size;
            output[i] = (output[i] * gamma[channel]) + (inputs.Length > 2 ? beta[channel] : 0);
        }
    }
}
