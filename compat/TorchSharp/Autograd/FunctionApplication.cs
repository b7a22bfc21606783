using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace TorchSharp;

/// <summary>One call of a custom function: the state behind its node in the graph, which the node releases when it ends.</summary>
#pragma warning disable CA1001 // The node disposes the context, through Released.
internal sealed unsafe class FunctionApplication
#pragma warning restore CA1001
{
    private readonly AutogradContext context = new();
    private readonly Func<AutogradContext, object[], List<Tensor>> forward;
    private readonly Func<AutogradContext, List<Tensor>, List<Tensor>> backward;
    private readonly string name;
    private readonly bool[] isTensor;

    // Only until forward has run, so that the graph does not hold what the function did not save.
    private object[] arguments;

    private FunctionApplication(
        string name, object[] arguments, Func<AutogradContext, object[], List<Tensor>> forward,
        Func<AutogradContext, List<Tensor>, List<Tensor>> backward)
    {
        this.name = name;
        this.arguments = arguments;
        this.forward = forward;
        this.backward = backward;
        isTensor = Array.ConvertAll(arguments, argument => argument is Tensor { IsInvalid: false });
    }

    /// <summary>Runs forward without recording and ties its outputs into the graph.</summary>
    public static List<Tensor> Apply(
        string name, object[] arguments, Func<AutogradContext, object[], List<Tensor>> forward,
        Func<AutogradContext, List<Tensor>, List<Tensor>> backward)
    {
        var application = new FunctionApplication(name, arguments, forward, backward);
        var inputs = arguments.OfType<Tensor>().Where(tensor => !tensor.IsInvalid).ToArray();
        var handles = Handles.Of(inputs);
        NativeValue* results;
        int count;
        int status;

        // From here on the handle belongs to the native state, which frees it also when the call fails.
        var self = GCHandle.ToIntPtr(GCHandle.Alloc(application));
        fixed (nint* pointer = handles)
        {
            status = NativeMethods.adaqat_function_apply(self, &Forward, &Backward, &Released, pointer, handles.Length, &results, &count);
        }
        application.arguments = null;
        GC.KeepAlive(inputs);
        Errors.Check(status);
        var outputs = new List<Tensor>(count);
        for (var i = 0; i < count; i++) outputs.Add(results[i].TakeTensor());
        return outputs;
    }

    private static FunctionApplication From(nint self) => Unsafe.As<FunctionApplication>(GCHandle.FromIntPtr(self).Target);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Forward(nint self, nint native, nint answer) =>
        Answer(answer, () =>
        {
            var application = From(self);
            application.context.Enter(native);
            return application.forward(application.context, application.arguments);
        });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Backward(nint self, nint native, nint* gradients, int count, nint answer)
    {
        // An invalid tensor stands for a gradient that nobody computed.
        var received = new List<Tensor>(count);
        for (var i = 0; i < count; i++) received.Add(new Tensor(gradients[i]));
        return Answer(answer, () =>
        {
            var application = From(self);
            application.context.Enter(native);
            return application.OfTensors(application.backward(application.context, received));
        });
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Released(nint self)
    {
        var handle = GCHandle.FromIntPtr(self);
        Unsafe.As<FunctionApplication>(handle.Target).context.Dispose();
        handle.Free();
    }

    /// <summary>No exception may leave a callback: it is put aside, and rethrown where libtorch's call returns.</summary>
    private static int Answer(nint answer, Func<List<Tensor>> compute)
    {
        try
        {
            var tensors = compute();
            var handles = Handles.Of(tensors);
            fixed (nint* pointer = handles) NativeMethods.adaqat_answer_tensors(answer, pointer, handles.Length);
            GC.KeepAlive(tensors);
            return 0;
        }
#pragma warning disable CA1031 // Whatever it is must reach the caller of backward, not end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NativeMethods.adaqat_answer_exception(answer, Errors.Capture(exception), exception.Message);
            return -1;
        }
    }

    /// <summary>The gradients of the arguments that were tensors; the others must have none.</summary>
    private List<Tensor> OfTensors(List<Tensor> gradients)
    {
        var surplus = gradients.Count - isTensor.Length;
        if (surplus < 0 || gradients.Skip(isTensor.Length).Any(IsGiven))
        {
            throw new InvalidOperationException($"{name}.backward returned {gradients.Count} gradients for {isTensor.Length} arguments.");
        }
        var chosen = new List<Tensor>();
        for (var i = 0; i < isTensor.Length; i++)
        {
            if (isTensor[i])
            {
                chosen.Add(gradients[i]);
            }
            else if (IsGiven(gradients[i]))
            {
                throw new InvalidOperationException($"{name}.backward returned a gradient for argument {i}, which is not a tensor.");
            }
        }
        return chosen;
    }

    private static bool IsGiven(Tensor tensor) => tensor is { IsInvalid: false };
}
