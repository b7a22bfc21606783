using System.Globalization;

namespace AdaQat;

/// <summary>
/// The kind of a layer and the shapes of one call for one sample, sizes joined by x: what a table of latencies is read by.
/// </summary>
/// <param name="Kind">Its type, such as <c>Conv2d</c>.</param>
/// <param name="Weight">The shape of its weight, such as <c>16x3x3x3</c>.</param>
/// <param name="Input">The shape of its input without the batch, such as <c>3x32x32</c>.</param>
/// <param name="Output">The shape of its output without the batch, such as <c>16x32x32</c>.</param>
public sealed record LayerShape(string Kind, string Weight, string Input, string Output)
{
    /// <summary>
    /// Multiply-accumulate operations of the call: each output sums the weights of its channel; transposed, each input feeds those of its.
    /// </summary>
    internal double Macs => Product(Weight) * (IsTransposed ? Product(Input) : Product(Output)) / Sizes(Weight)[0];

    private bool IsTransposed => Kind.StartsWith("ConvTranspose", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Weight}, {Input} to {Output}";

    /// <summary>A shape as text.</summary>
    internal static string Text(IEnumerable<long> sizes) => string.Join('x', sizes);

    /// <summary>Whether a text is a shape.</summary>
    internal static bool IsShape(string text) =>
        text.Split('x').All(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0);

    private static double Product(string shape) => Sizes(shape).Aggregate(1.0, (product, size) => product * size);

    private static long[] Sizes(string shape) => [.. shape.Split('x').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
}
