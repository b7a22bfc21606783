using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// An ATen operator, named by its schema and called with positional arguments; trailing arguments that have a default may be left
/// out. Keep one in a static field: it is looked up at its first call.
/// </summary>
internal sealed class Op(string name, string overload = "")
{
    private const int ScratchOnStack = 128;

    private nint operation;

    public Tensor Call(params ReadOnlySpan<Value> args) => Expect(Invoke(args), 1)[0].TakeTensor();

    public (Tensor, Tensor) Call2(params ReadOnlySpan<Value> args)
    {
        var results = Expect(Invoke(args), 2);
        return (results[0].TakeTensor(), results[1].TakeTensor());
    }

    public (Tensor, Tensor, Tensor) Call3(params ReadOnlySpan<Value> args)
    {
        var results = Expect(Invoke(args), 3);
        return (results[0].TakeTensor(), results[1].TakeTensor(), results[2].TakeTensor());
    }

    public Tensor[] CallList(params ReadOnlySpan<Value> args)
    {
        var results = Invoke(args);
        var tensors = new Tensor[results.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = results[i].TakeTensor();
        return tensors;
    }

    public void CallVoid(params ReadOnlySpan<Value> args)
    {
        foreach (ref readonly var result in Invoke(args)) result.Release();
    }

    /// <summary>Calls an operator that changes its first argument, and returns that very object.</summary>
    public Tensor CallInPlace(Tensor self, params ReadOnlySpan<Value> rest)
    {
        var buffer = default(ArgumentBuffer);
        Span<Value> args = buffer;
        args[0] = self;
        rest.CopyTo(args[1..]);
        CallVoid(args[..(rest.Length + 1)]);
        return self;
    }

    public double CallDouble(params ReadOnlySpan<Value> args)
    {
        var result = Expect(Invoke(args), 1)[0];
        return result.Kind switch
        {
            ValueKind.Real => result.Real,
            ValueKind.Integer or ValueKind.Boolean => result.Payload,
            _ => throw Unexpected(result.Kind),
        };
    }

    public long CallLong(params ReadOnlySpan<Value> args)
    {
        var result = Expect(Invoke(args), 1)[0];
        return result.Kind is ValueKind.Integer or ValueKind.Boolean ? result.Payload : throw Unexpected(result.Kind);
    }

    public bool CallBool(params ReadOnlySpan<Value> args)
    {
        var result = Expect(Invoke(args), 1)[0];
        return result.Kind is ValueKind.Boolean ? result.Payload != 0 : throw Unexpected(result.Kind);
    }

    /// <summary>Calls an operator that returns a Scalar.</summary>
    public Scalar CallScalar(params ReadOnlySpan<Value> args)
    {
        var results = Invoke(args);
        return results[0].Kind switch
        {
            ValueKind.Real => results[0].Real,
            ValueKind.Integer => results[0].Payload,
            ValueKind.Boolean => results[0].Payload != 0,
            ValueKind.Complex => new System.Numerics.Complex(results[0].Real, results[1].Real),
            _ => throw Unexpected(results[0].Kind),
        };
    }

    /// <summary>The results, in a buffer that the thread's next call overwrites.</summary>
    [SkipLocalsInit]
    private unsafe ReadOnlySpan<NativeValue> Invoke(ReadOnlySpan<Value> args)
    {
        var target = operation != 0 ? operation : Resolve();
        var scratchSize = 0;
        foreach (ref readonly var arg in args) scratchSize += arg.ScratchSize;
        if (scratchSize <= ScratchOnStack)
        {
            var scratch = stackalloc long[ScratchOnStack];
            return Invoke(target, args, scratch);
        }
        fixed (long* scratch = new long[scratchSize]) return Invoke(target, args, scratch);
    }

    [SkipLocalsInit]
    private static unsafe ReadOnlySpan<NativeValue> Invoke(nint target, ReadOnlySpan<Value> args, long* scratch)
    {
        var natives = stackalloc NativeValue[args.Length + 1];
        for (var i = 0; i < args.Length; i++) scratch += args[i].Write(natives + i, scratch);
        NativeValue* results;
        int count;
        var status = NativeMethods.adaqat_call(target, natives, args.Length, &results, &count);
        foreach (ref readonly var arg in args) arg.KeepAlive();
        Errors.Check(status);
        return new ReadOnlySpan<NativeValue>(results, count);
    }

    private unsafe nint Resolve()
    {
        nint found;
        Errors.Check(NativeMethods.adaqat_operation(name, overload, &found));
        Volatile.Write(ref operation, found);
        return found;
    }

    private ReadOnlySpan<NativeValue> Expect(ReadOnlySpan<NativeValue> results, int count)
    {
        if (results.Length == count) return results;
        foreach (ref readonly var result in results) result.Release();
        throw new InvalidOperationException($"{name}.{overload} returned {results.Length} values where {count} were expected.");
    }

    private InvalidOperationException Unexpected(ValueKind kind) => new($"{name}.{overload} returned a {kind}.");
}
