using static TorchSharp.torch;

namespace AdaQat;

/// <summary>What a rule may ask of a layer: what the runs on the examples showed.</summary>
/// <param name="Name">The layer's name in the model, as <c>named_modules</c> has it.</param>
/// <param name="Module">The layer itself.</param>
/// <param name="Position">
/// Its place in the order of first calls, from 0; −1 where the model computes with it without calling it.
/// </param>
/// <param name="LayerCount">How many layers the model calls that can be quantized.</param>
/// <param name="Macs">Multiply-accumulate operations for one sample.</param>
/// <param name="WeightShape">The shape of its weight.</param>
/// <param name="IsInputSigned">Whether the example led to negative values in its input.</param>
public sealed record LayerFacts(
    string Name, nn.Module Module, int Position, int LayerCount, long Macs, IReadOnlyList<long> WeightShape, bool IsInputSigned)
{
    /// <summary>Whether it is the first that the model calls, on any of several examples.</summary>
    public bool IsFirst => BeginsExample ?? Position == 0;

    /// <summary>Whether it is the last that the model calls, on any of several examples.</summary>
    public bool IsLast => EndsExample ?? (Position >= 0 && Position == LayerCount - 1);

    /// <summary>What the runs showed of the first place; null where the position alone tells.</summary>
    internal bool? BeginsExample { get; init; }

    /// <summary>What the runs showed of the last place; null where the position alone tells.</summary>
    internal bool? EndsExample { get; init; }

    /// <summary>Elements of its weight.</summary>
    public long WeightCount => WeightShape.Aggregate(1L, (product, size) => product * size);
}
