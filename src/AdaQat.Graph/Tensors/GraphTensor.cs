using System.Globalization;
using System.Runtime.InteropServices;

namespace AdaQat.Graph;

/// <summary>
/// Numbers with a shape, in row-major order, that never change: a constant of a graph, or what goes into and comes out of its interpreter.
/// Two are equal if type, shape and all bits are.
/// </summary>
public sealed class GraphTensor : IEquatable<GraphTensor>
{
    // One of the two, by the type.
    private readonly float[] _singles = [];
    private readonly double[] _doubles = [];

    private GraphTensor(Shape shape, float[] values) =>
        (Shape, Type, _singles) = (Checked(shape, values.Length), ElementType.Float32, values);

    private GraphTensor(Shape shape, double[] values) =>
        (Shape, Type, _doubles) = (Checked(shape, values.Length), ElementType.Float64, values);

    /// <summary>How many elements along each axis.</summary>
    public Shape Shape { get; }

    /// <summary>What the elements are.</summary>
    public ElementType Type { get; }

    /// <summary>A tensor of 32-bit numbers, which are copied.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">As many as the shape has elements, in row-major order.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    public static GraphTensor Of(Shape shape, ReadOnlySpan<float> values) => new(shape, values.ToArray());

    /// <summary>A tensor of 64-bit numbers, which are copied.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">As many as the shape has elements, in row-major order.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    public static GraphTensor Of(Shape shape, ReadOnlySpan<double> values) => new(shape, values.ToArray());

    /// <summary>A single number, without an axis.</summary>
    /// <param name="value">The number.</param>
    /// <param name="type">What to store it as; it is rounded to that.</param>
    /// <returns>The tensor.</returns>
    public static GraphTensor Scalar(double value, ElementType type = ElementType.Float64) => FromNumbers(Shape.Scalar, [value], type);

    /// <summary>The 32-bit numbers in memory, to be read.</summary>
    /// <returns>All elements in row-major order.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<float> AsFloat32() => Type == ElementType.Float32 ? _singles : throw OfOtherType();

    /// <summary>The 64-bit numbers in memory, to be read.</summary>
    /// <returns>All elements in row-major order.</returns>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<double> AsFloat64() => Type == ElementType.Float64 ? _doubles : throw OfOtherType();

    /// <summary>The elements as 64-bit numbers, which hold each exactly.</summary>
    /// <returns>A copy, in row-major order.</returns>
    public double[] ToFloat64() => Type == ElementType.Float64 ? [.. _doubles] : Array.ConvertAll(_singles, value => (double)value);

    /// <summary>The elements as 32-bit numbers, each rounded once.</summary>
    /// <returns>A copy, in row-major order.</returns>
    public float[] ToFloat32() => Type == ElementType.Float32 ? [.. _singles] : Array.ConvertAll(_doubles, value => (float)value);

    /// <summary>The same numbers as another type; each is rounded once.</summary>
    /// <param name="type">The type.</param>
    /// <returns>A tensor of that type; this one where it is of that type.</returns>
    public GraphTensor To(ElementType type) => Type == type ? this : type switch
    {
        ElementType.Float32 => new GraphTensor(Shape, ToFloat32()),
        ElementType.Float64 => new GraphTensor(Shape, ToFloat64()),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"The type is {type}; allowed are Float32 and Float64."),
    };

    /// <inheritdoc/>
    public bool Equals(GraphTensor? other) =>
        other is not null && Type == other.Type && Shape == other.Shape && Bytes().SequenceEqual(other.Bytes());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GraphTensor);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Type);
        hash.Add(Shape);
        hash.AddBytes(Bytes());
        return hash.ToHashCode();
    }

    /// <summary>Type and shape; the number itself where there is one.</summary>
    /// <returns>For example <c>float32[16,3,3,3]</c>.</returns>
    public override string ToString() => Shape.Rank == 0
        ? FormattableString.Invariant($"{(Type == ElementType.Float32 ? _singles[0] : _doubles[0]):R}")
        : $"{Type.ToString().ToLower(CultureInfo.InvariantCulture)}{Shape}";

    /// <summary>The numbers, rounded once to the type; the array is kept where it needs no rounding.</summary>
    internal static GraphTensor FromNumbers(Shape shape, double[] values, ElementType type) => type == ElementType.Float64
        ? new(shape, values)
        : new(shape, Array.ConvertAll(values, value => (float)value));

    /// <summary>The elements as 64-bit numbers: a copy, or the tensor's own memory, which nobody may write to.</summary>
    internal double[] Numbers() => Type == ElementType.Float64 ? _doubles : ToFloat64();

    /// <summary>The elements' bits, in the machine's order of bytes.</summary>
    internal ReadOnlySpan<byte> Bytes() =>
        Type == ElementType.Float32 ? MemoryMarshal.AsBytes<float>(_singles) : MemoryMarshal.AsBytes<double>(_doubles);

    private static Shape Checked(Shape shape, int count)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.ElementCount == count ? shape : throw new ArgumentException(
            $"There are {count} numbers for a tensor of shape {shape}, which has {shape.ElementCount} elements.");
    }

    private InvalidOperationException OfOtherType() => new($"The tensor {this} is of type {Type}; ToFloat32 and ToFloat64 convert.");
}
