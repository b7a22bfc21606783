using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>
/// A number of any element type. libtorch keeps a scalar as a 64-bit integer, a double, a truth value or a pair of doubles; so does
/// this type, which therefore has nothing to dispose.
/// </summary>
public sealed class Scalar : IDisposable
{
    private readonly double real;
    private readonly double imaginary;
    private readonly long integer;

    internal Scalar(long value)
    {
        Type = torch.ScalarType.Int64;
        integer = value;
        real = value;
    }

    internal Scalar(bool value)
    {
        Type = torch.ScalarType.Bool;
        integer = value ? 1 : 0;
        real = integer;
    }

    internal Scalar(double value)
    {
        Type = torch.ScalarType.Float64;
        real = value;
    }

    internal Scalar(Complex value)
    {
        Type = torch.ScalarType.ComplexFloat64;
        real = value.Real;
        imaginary = value.Imaginary;
    }

    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => new((long)value);

    public static implicit operator Scalar(sbyte value) => new((long)value);

    public static implicit operator Scalar(short value) => new((long)value);

    public static implicit operator Scalar(int value) => new((long)value);

    public static implicit operator Scalar(long value) => new(value);

    public static implicit operator Scalar(Half value) => new((double)value);

    public static implicit operator Scalar(float value) => new((double)value);

    public static implicit operator Scalar(double value) => new(value);

    public static implicit operator Scalar(bool value) => new(value);

    public static implicit operator Scalar((float, float) value) => new(new Complex(value.Item1, value.Item2));

    public static implicit operator Scalar(Complex value) => new(value);

    public void Dispose()
    {
    }

    internal bool IsIntegral => Type is torch.ScalarType.Int64 or torch.ScalarType.Bool;

    internal long AsInteger => IsIntegral ? integer : (long)AsReal;

    internal double AsReal =>
        Type == torch.ScalarType.ComplexFloat64 && imaginary != 0
            ? throw new InvalidOperationException("A complex number with an imaginary part is not a real number.")
            : real;

    internal Complex AsComplex => new(real, imaginary);

    internal Value ToValue() => Type switch
    {
        torch.ScalarType.Int64 => integer,
        torch.ScalarType.Bool => integer != 0,
        torch.ScalarType.Float64 => real,
        _ => Value.Complex(AsComplex),
    };
}
