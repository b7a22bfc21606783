using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>What a caller gives: floats, or bytes that are codes (pixels: <c>new Codes(255)</c>).</summary>
public sealed class InputNode : IntegerNode
{
    /// <summary>An input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape inside the model, channels last, without the batch.</param>
    /// <param name="type">Floats, or codes, which the caller gives as bytes; a byte above the largest code is refused when run.</param>
    /// <param name="channelsFirst">
    /// Whether the caller's array has the channels first, as images have in PyTorch: [channels, height, width].
    /// </param>
    /// <exception cref="IntegerModelException">The type is neither floats nor codes, or the shape has no element.</exception>
    public InputNode(string name, Shape shape, NumberType type, bool channelsFirst = true)
        : base(name, [], shape ?? throw new ArgumentNullException(nameof(shape)), type ?? throw new ArgumentNullException(nameof(type)))
    {
        if (type is Integers)
        {
            throw Fault("it holds integers of 32 bits; allowed are floats and codes.");
        }

        ChannelsFirst = channelsFirst;
    }

    /// <summary>Whether the caller's array has the channels first.</summary>
    public bool ChannelsFirst { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output) =>
        throw new NotSupportedException("An input is given.");
}
