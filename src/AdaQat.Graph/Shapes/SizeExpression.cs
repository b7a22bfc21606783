using System.Globalization;

namespace AdaQat.Graph;

/// <summary>
/// A size that an operator is told: a number, whatever remains, or one computed from the sizes of the operator's inputs, so that a graph
/// described with one batch or image size is right for another. Its value is factor · product of those sizes / divisor.
/// </summary>
public sealed record SizeExpression
{
    private SizeExpression(EquatableList<SizeReference> references, long factor, long divisor) =>
        (References, Factor, Divisor) = (references, factor, divisor);

    /// <summary>
    /// What is left for this axis, PyTorch's −1: in a reshape the size that makes the elements as many as before (one axis at most), in an
    /// expansion the size that the input has there.
    /// </summary>
    public static SizeExpression Remaining { get; } = new([], -1, 1);

    /// <summary>The sizes of inputs that are multiplied.</summary>
    public EquatableList<SizeReference> References { get; }

    /// <summary>What they are multiplied by; the size itself where there are none. 0 and more, or −1 for <see cref="Remaining"/>.</summary>
    public long Factor { get; }

    /// <summary>What their product is divided by, which has to leave no remainder. 1 and more.</summary>
    public long Divisor { get; }

    /// <summary>Whether this is <see cref="Remaining"/>.</summary>
    public bool IsRemaining => Factor < 0;

    /// <summary>The same as <see cref="Exactly"/>, or <see cref="Remaining"/> for −1.</summary>
    /// <param name="size">A size, or −1.</param>
    public static implicit operator SizeExpression(long size) => size == -1 ? Remaining : Exactly(size);

    /// <summary>A number.</summary>
    /// <param name="size">0 and more.</param>
    /// <returns>The expression.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static SizeExpression Exactly(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return new([], size, 1);
    }

    /// <summary>The size of an input along an axis.</summary>
    /// <param name="input">Which input of the operator; 0 is the tensor itself.</param>
    /// <param name="axis">Which axis, 0 being the first.</param>
    /// <returns>The expression.</returns>
    public static SizeExpression Of(int input, int axis) => Product([new(input, axis)]);

    /// <summary>The product of sizes of inputs, times a number, divided by another.</summary>
    /// <param name="references">The sizes.</param>
    /// <param name="factor">1 and more.</param>
    /// <param name="divisor">1 and more; the division has to leave no remainder.</param>
    /// <returns>The expression.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is smaller than 1.</exception>
    public static SizeExpression Product(EquatableList<SizeReference> references, long factor = 1, long divisor = 1)
    {
        ArgumentNullException.ThrowIfNull(references);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(divisor, 1);
        return new(references, factor, divisor);
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">For example <c>16</c>, <c>-1</c>, <c>size(0,2)*size(0,3)*3/4</c>.</param>
    /// <returns>The expression.</returns>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static SizeExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        var references = new List<SizeReference>();
        long? factor = null;
        foreach (var term in parts[0].Split('*'))
        {
            if (SizeReference.TryParse(term) is { } reference && factor is null)
            {
                references.Add(reference);
            }
            else
            {
                factor = factor is null && TryNumber(term) is { } number ? number : throw Malformed(text);
            }
        }

        var divisor = parts.Length switch { 1 => 1, 2 => TryNumber(parts[1]) ?? 0, _ => 0 };
        var isAllowed = references.Count == 0 ? factor >= -1 && divisor == 1 : (factor ?? 1) >= 1 && divisor >= 1;
        return isAllowed ? new([.. references], factor ?? 1, divisor) : throw Malformed(text);
    }

    /// <summary>As it is written in a graph's text.</summary>
    /// <returns>For example <c>size(0,2)*size(0,3)/4</c>.</returns>
    public override string ToString()
    {
        var terms = References.Select(reference => reference.ToString());
        if (Factor != 1 || References.Count == 0)
        {
            terms = terms.Append(Factor.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join('*', terms) + (Divisor == 1 ? "" : FormattableString.Invariant($"/{Divisor}"));
    }

    /// <summary>The size, for inputs of these shapes. Not for <see cref="Remaining"/>.</summary>
    internal long Value(IReadOnlyList<Shape> inputs)
    {
        var product = (Int128)Factor;
        foreach (var (input, axis) in References)
        {
            if (input >= inputs.Count || axis >= inputs[input].Rank)
            {
                throw new GraphException($"the size {this} is of an input or an axis that is not there: the inputs are {Text(inputs)}.");
            }

            product *= inputs[input][axis];
        }

        return product % Divisor == 0 && product / Divisor <= long.MaxValue
            ? (long)(product / Divisor)
            : throw new GraphException($"the size {this} is {product}/{Divisor}, no whole number: the inputs are {Text(inputs)}.");
    }

    private static string Text(IReadOnlyList<Shape> inputs) => string.Join(", ", inputs);

    private static long? TryNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static FormatException Malformed(string text) =>
        new($"The size is '{text}'; allowed is a number, or a product such as size(0,2)*size(0,3)*3/4.");
}
