namespace AdaQat.Runtime;

/// <summary>What a caller gets: floats.</summary>
public sealed class OutputNode : IntegerNode
{
    /// <summary>An output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">The value, which holds floats.</param>
    /// <param name="channelsFirst">Whether the caller's array has the channels first.</param>
    /// <exception cref="IntegerModelException">The value doesn't hold floats.</exception>
    public OutputNode(string name, IntegerNode input, bool channelsFirst = true)
        : base(name, [input ?? throw new ArgumentNullException(nameof(input))], input.Shape, input.Type)
    {
        if (input.Type is not Floats)
        {
            throw Fault($"its input '{input.Name}' holds {input.Type}; allowed are floats, which a DequantizeNode makes.");
        }

        ChannelsFirst = channelsFirst;
    }

    /// <summary>Whether the caller's array has the channels first.</summary>
    public bool ChannelsFirst { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output) =>
        inputs[0].Floats.CopyTo(output.Floats);
}
