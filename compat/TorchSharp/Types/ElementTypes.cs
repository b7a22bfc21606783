using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The element type whose values a .NET type holds.</summary>
        internal static bool TryGetElementType(Type type, out ScalarType scalarType)
        {
            ScalarType? found =
                type == typeof(bool) ? ScalarType.Bool
                : type == typeof(byte) ? ScalarType.Byte
                : type == typeof(sbyte) ? ScalarType.Int8
                : type == typeof(short) ? ScalarType.Int16
                : type == typeof(int) ? ScalarType.Int32
                : type == typeof(long) ? ScalarType.Int64
                : type == typeof(Half) ? ScalarType.Float16
                : type == typeof(float) ? ScalarType.Float32
                : type == typeof(double) ? ScalarType.Float64
                : type == typeof((float, float)) ? ScalarType.ComplexFloat32
                : type == typeof(Complex) ? ScalarType.ComplexFloat64
                : null;
            scalarType = found ?? default;
            return found.HasValue;
        }

        /// <summary>Memory is handed out only as the type that it holds.</summary>
        internal void ValidateType(Type type)
        {
            if (!TryGetElementType(type, out var scalarType) || scalarType != dtype)
            {
                throw new ArgumentException($"A tensor of {dtype} cannot be read as {type.Name}.");
            }
        }
    }
}
