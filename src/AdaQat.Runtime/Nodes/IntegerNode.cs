using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A step of an integer model, and the value that it makes. A node is checked when it is made, knows its value's shape and the range of its
/// integers, and never changes.
/// </summary>
/// <remarks>
/// Shapes are those of one image, without the batch, and have channels last: [height, width, channels], [length, channels] or [features].
/// </remarks>
public abstract class IntegerNode
{
    /// <summary>The most elements that a value of one image can have.</summary>
    public const long MaxElements = 1 << 28;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 256;

    private protected IntegerNode(string name, EquatableList<IntegerNode> inputs, Shape shape, NumberType type)
    {
        Name = Named(name);
        Inputs = inputs;
        Shape = shape;
        Type = type;
        if (shape.ElementCount is < 1 or > MaxElements || shape.Rank > 8)
        {
            throw Fault($"its value would have the shape {shape}; allowed are up to 8 axes and 1 to {MaxElements} elements.");
        }
    }

    /// <summary>The node's name, which errors and reports use.</summary>
    public string Name { get; }

    /// <summary>The nodes whose values it reads.</summary>
    public EquatableList<IntegerNode> Inputs { get; }

    /// <summary>The shape of its value for one image, channels last.</summary>
    public Shape Shape { get; }

    /// <summary>What numbers its value holds.</summary>
    public NumberType Type { get; }

    /// <summary>How many multiplications of a weight and an activation it needs for one image.</summary>
    public virtual long Macs => 0;

    /// <summary><see cref="Macs"/> times the bits of weights and of activations.</summary>
    public virtual long BitOps => 0;

    /// <summary>The name and the value.</summary>
    /// <returns>For example <c>conv1 [32,32,16] Codes …</c>.</returns>
    public override string ToString() => $"{Name} {Shape} {Type}";

    /// <summary>Its value for one image, in exact arithmetic: what all faster ways must equal.</summary>
    internal abstract void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output);

    private protected static string Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxNameLength ? name : throw new IntegerModelException(
            $"A node's name has {name.Length} characters; allowed are 1 to {MaxNameLength}.");
    }

    private protected static IntegerModelException Fault(string name, string message) => new(name, message);

    /// <summary>An operand that holds codes.</summary>
    private protected static Codes CodesOf(string name, IntegerNode input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Type as Codes ?? throw Fault(name, $"its input '{input.Name}' holds {input.Type}; allowed are codes.");
    }

    /// <summary>An operand that holds codes or integers.</summary>
    private protected static IntegerNode Whole(string name, IntegerNode input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Type is not Floats ? input : throw Fault(
            name, $"its input '{input.Name}' holds floats; allowed are codes and integers.");
    }

    /// <summary>A range that fits into 32 bits, as a type.</summary>
    private protected static Integers Range(string name, Int128 min, Int128 max) =>
        min >= int.MinValue && max <= int.MaxValue ? new((int)min, (int)max) : throw Fault(
            name, $"its integers would be {min} to {max}, and 32 bits don't hold them.");

    private protected IntegerModelException Fault(string message) => Fault(Name, message);
}
