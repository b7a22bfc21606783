using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Weights of a layer as codes of k bits. The integer of a code q of output c is <see cref="Multiplier"/> · q + offset of c, or what a
/// table of levels says.
/// </summary>
/// <remarks>
/// DoReFa's (c/s)(2q − s) has the multiplier 2 and the offset −s; codes from −n to n are stored as q = code + n with the offset −n; a zero
/// point z of an output channel is its offset −z.
/// </remarks>
public sealed class IntegerWeights
{
    private readonly byte[] _codes;
    private readonly int[] _offsets;
    private readonly sbyte[] _levels;

    /// <summary>Weights on an evenly spaced grid.</summary>
    /// <param name="shape">[outputs, window…, inputs of a group]; a linear layer's is [outputs, inputs].</param>
    /// <param name="codes">One byte a weight, in that order, each 0 to 2^bits − 1. They are copied.</param>
    /// <param name="bits">How many bits a code has, 1 to 8.</param>
    /// <param name="multiplier">1, or 2 where the grid's offset is an odd multiple of ½.</param>
    /// <param name="offsets">One for all outputs, or one for each; −1024 to 1024.</param>
    /// <exception cref="IntegerModelException">Something is outside what is allowed.</exception>
    public IntegerWeights(Shape shape, ReadOnlySpan<byte> codes, int bits, int multiplier, ReadOnlySpan<int> offsets)
        : this(shape, codes, bits)
    {
        if (multiplier is not (1 or 2))
        {
            throw new IntegerModelException($"The multiplier of weights is {multiplier}; allowed are 1 and 2.");
        }

        if (offsets.Length != 1 && offsets.Length != Outputs)
        {
            throw new IntegerModelException($"Weights {shape} have {offsets.Length} offsets; allowed are 1 and {Outputs}.");
        }

        foreach (var offset in offsets)
        {
            if (offset is < -1024 or > 1024)
            {
                throw new IntegerModelException($"An offset of weights is {offset}; allowed are -1024 to 1024.");
            }
        }

        Multiplier = multiplier;
        _offsets = offsets.ToArray();
        _levels = [];
    }

    /// <summary>Weights on a grid of any levels, such as powers of two.</summary>
    /// <param name="shape">[outputs, window…, inputs of a group]; a linear layer's is [outputs, inputs].</param>
    /// <param name="codes">One byte a weight, in that order, each 0 to 2^bits − 1. They are copied.</param>
    /// <param name="bits">How many bits a code has, 1 to 8.</param>
    /// <param name="levels">The integer of each code: 2^bits numbers.</param>
    /// <exception cref="IntegerModelException">Something is outside what is allowed.</exception>
    public IntegerWeights(Shape shape, ReadOnlySpan<byte> codes, int bits, ReadOnlySpan<sbyte> levels)
        : this(shape, codes, bits)
    {
        if (levels.Length != 1 << bits)
        {
            throw new IntegerModelException($"Weights of {bits} bits have {levels.Length} levels; they need {1 << bits}.");
        }

        Multiplier = 1;
        _offsets = [0];
        _levels = levels.ToArray();
    }

    private IntegerWeights(Shape shape, ReadOnlySpan<byte> codes, int bits)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (bits is < 1 or > 8)
        {
            throw new IntegerModelException($"Weights have {bits} bits; allowed are 1 to 8.");
        }

        if (shape.Rank < 2 || shape.ElementCount == 0 || shape.ElementCount != codes.Length)
        {
            throw new IntegerModelException(
                $"Weights {shape} with {codes.Length} codes; allowed are shapes [outputs, window…, inputs] with a code for each element.");
        }

        if (bits < 8 && codes.IndexOfAnyInRange((byte)(1 << bits), byte.MaxValue) is >= 0 and var place)
        {
            throw new IntegerModelException(
                $"Code {place} of weights of {bits} bits is {codes[place]}; allowed are 0 to {(1 << bits) - 1}.");
        }

        Shape = shape;
        Bits = bits;
        _codes = codes.ToArray();
        _offsets = [];
        _levels = [];
    }

    /// <summary>[outputs, window…, inputs of a group].</summary>
    public Shape Shape { get; }

    /// <summary>How many bits a code has.</summary>
    public int Bits { get; }

    /// <summary>By how much the integers of neighbouring codes differ; 1 where there is a table of levels.</summary>
    public int Multiplier { get; }

    /// <summary>How many outputs.</summary>
    public int Outputs => (int)Shape[0];

    /// <summary>The codes, a byte each, in the order of <see cref="Shape"/>.</summary>
    public ReadOnlySpan<byte> Codes => _codes;

    /// <summary>One offset for all outputs, or one for each; one 0 where there is a table of levels.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>The integer of each code, or nothing where the grid is evenly spaced.</summary>
    public ReadOnlySpan<sbyte> Levels => _levels;

    /// <summary>How many weights each output has.</summary>
    internal int PerOutput => _codes.Length / Outputs;

    /// <summary>The offset of an output.</summary>
    internal int OffsetOf(int output) => _offsets.Length == 1 ? _offsets[0] : _offsets[output];

    /// <summary>The integer of a weight.</summary>
    internal int Integer(int output, int place)
    {
        var code = _codes[(output * PerOutput) + place];
        return _levels.Length > 0 ? _levels[code] : (Multiplier * code) + OffsetOf(output);
    }
}
