using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var outputHandles = Handles.Of(outputs);
            var inputHandles = Handles.Of(inputs);
            var gradHandles = Handles.Of(grad_outputs);
            unsafe
            {
                NativeValue* results;
                int count;
                fixed (nint* outputPointer = outputHandles, inputPointer = inputHandles, gradPointer = gradHandles)
                {
                    Errors.Check(NativeMethods.adaqat_gradients(
                        outputPointer, outputHandles.Length, inputPointer, inputHandles.Length, gradPointer, gradHandles.Length,
                        retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, &results, &count));
                }
                GC.KeepAlive(outputs);
                GC.KeepAlive(inputs);
                GC.KeepAlive(grad_outputs);
                var found = new Tensor[count];
                for (var i = 0; i < count; i++) found[i] = results[i].TakeTensor();
                return found;
            }
        }

        public static void backward(
            IList<Tensor> tensors, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor> inputs = null)
        {
            var tensorHandles = Handles.Of(tensors);
            var gradHandles = Handles.Of(grad_tensors);
            var inputHandles = Handles.Of(inputs);
            unsafe
            {
                fixed (nint* tensorPointer = tensorHandles, gradPointer = gradHandles, inputPointer = inputHandles)
                {
                    Errors.Check(NativeMethods.adaqat_backward(
                        tensorPointer, tensorHandles.Length, gradPointer, gradHandles.Length,
                        retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, inputPointer, inputHandles.Length));
                }
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(
            Tensor tensor, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null) =>
            backward((IList<Tensor>)[tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null) =>
            backward((IList<Tensor>)[tensor], grad_tensor is null ? null : [grad_tensor], retain_graph, create_graph, inputs);

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);
    }
}
