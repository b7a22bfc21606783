using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>An argument of an operator. It lives on the stack: making one allocates nothing.</summary>
internal readonly struct Value
{
    private readonly ValueKind kind;
    private readonly int count;
    private readonly long bits;
    private readonly object reference;

    private Value(ValueKind kind, long bits, int count = 0, object reference = null)
    {
        this.kind = kind;
        this.bits = bits;
        this.count = count;
        this.reference = reference;
    }

    public static Value None => default;

    public static implicit operator Value(Tensor tensor) => tensor is null ? default : new(ValueKind.Tensor, tensor.Handle, 0, tensor);

    public static implicit operator Value(long value) => new(ValueKind.Integer, value);

    public static implicit operator Value(int value) => new(ValueKind.Integer, value);

    public static implicit operator Value(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Value(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static implicit operator Value(string value) =>
        value is null ? default : new(ValueKind.String, 0, Encoding.UTF8.GetByteCount(value), value);

    public static implicit operator Value(long[] list) => list is null ? default : new(ValueKind.IntegerList, 0, list.Length, list);

    public static implicit operator Value(double[] list) => list is null ? default : new(ValueKind.RealList, 0, list.Length, list);

    public static implicit operator Value(bool[] list) => list is null ? default : new(ValueKind.BooleanList, 0, list.Length, list);

    public static implicit operator Value(Tensor[] list) => list is null ? default : new(ValueKind.TensorList, 0, list.Length, list);

    public static implicit operator Value(List<Tensor> list) => list?.ToArray();

    public static implicit operator Value(ReadOnlySpan<long> list) => list.ToArray();

    public static implicit operator Value(Scalar scalar) => scalar is null ? default : scalar.ToValue();

    public static Value Complex(Complex value) => new(ValueKind.Complex, 0, 2, new[] { value.Real, value.Imaginary });

    public static Value Optional(long? value) => value.HasValue ? value.Value : default(Value);

    public static Value Optional(double? value) => value.HasValue ? value.Value : default(Value);

    public static Value Optional(bool? value) => value.HasValue ? value.Value : default(Value);

    public static Value Type(ScalarType? type) => type.HasValue ? (long)type.Value : default(Value);

    public static Value Layout(layout? layout) => layout.HasValue ? (long)layout.Value : default(Value);

    public static Value Device(Device device) => device is null ? default : new(ValueKind.Device, (long)device.type, device.index);

    public static Value Generator(Generator generator) => generator is null ? default : new(ValueKind.Generator, generator.Handle, 0, generator);

    /// <summary>A list whose null elements mean "not given", as for indexing with a colon.</summary>
    public static Value OptionalTensors(Tensor[] list) => new(ValueKind.OptionalTensorList, 0, list.Length, list);

    /// <summary>libtorch numbers the first two formats the other way round.</summary>
    public static Value MemoryFormat(memory_format format) => format switch
    {
        memory_format.contiguous_format => 0L,
        memory_format.preserve_format => 1L,
        _ => (long)format,
    };

    /// <summary>How many 64-bit elements <see cref="Write"/> needs beside the value itself.</summary>
    internal int ScratchSize => kind switch
    {
        ValueKind.IntegerList or ValueKind.RealList or ValueKind.BooleanList or ValueKind.TensorList or ValueKind.OptionalTensorList
            or ValueKind.Complex => count,
        ValueKind.String => (count + 7) / 8,
        _ => 0,
    };

    /// <summary>Writes the native form, lists into the scratch memory, and returns how much of that it took.</summary>
    internal unsafe int Write(NativeValue* target, long* scratch)
    {
        target->Kind = kind;
        target->Count = count;
        target->Payload = bits;
        var size = ScratchSize;
        if (reference is null || kind is ValueKind.Tensor or ValueKind.Generator) return 0;
        target->Payload = (long)scratch;
        switch (kind)
        {
            case ValueKind.IntegerList:
                Unsafe.As<long[]>(reference).CopyTo(new Span<long>(scratch, size));
                break;
            case ValueKind.RealList:
            case ValueKind.Complex:
                Unsafe.As<double[]>(reference).CopyTo(new Span<double>(scratch, size));
                break;
            case ValueKind.BooleanList:
                foreach (var item in Unsafe.As<bool[]>(reference)) *scratch++ = item ? 1 : 0;
                break;
            case ValueKind.TensorList:
                foreach (var item in Unsafe.As<Tensor[]>(reference)) *scratch++ = item.Handle;
                break;
            case ValueKind.OptionalTensorList:
                foreach (var item in Unsafe.As<Tensor[]>(reference)) *scratch++ = item is null ? 0 : item.Handle;
                break;
            case ValueKind.String:
                Encoding.UTF8.GetBytes(Unsafe.As<string>(reference), new Span<byte>(scratch, count));
                break;
        }
        return size;
    }

    /// <summary>Keeps what the native form points to from being finalized before the call has ended.</summary>
    internal void KeepAlive()
    {
        if (reference is not null) GC.KeepAlive(reference);
    }
}
