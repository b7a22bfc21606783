using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The functions that compat/native exports. Those that return a status leave their error text behind; see <see cref="Errors"/>.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "adaqat_torch";

    [LibraryImport(Library)]
    public static partial nint adaqat_last_error(long* ticket);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int adaqat_operation(string name, string overload, nint* operation);

    [LibraryImport(Library)]
    public static partial int adaqat_call(nint operation, NativeValue* arguments, int count, NativeValue** results, int* resultCount);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial void adaqat_tensor_describe(nint handle, TensorDescription* description);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial void adaqat_tensor_sizes(nint handle, long* sizes);

    [LibraryImport(Library)]
    public static partial int adaqat_tensor_strides(nint handle, long* strides);

    [LibraryImport(Library)]
    public static partial void adaqat_tensor_release(nint handle);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial nint adaqat_tensor_retain(nint handle);

    [LibraryImport(Library)]
    public static partial int adaqat_tensor_data(nint handle, nint* data);

    [LibraryImport(Library)]
    public static partial int adaqat_tensor_copy_in(void* data, long bytes, long* sizes, int dimensions, int scalarType, nint* result);

    [LibraryImport(Library)]
    public static partial int adaqat_tensor_over(
        void* data, long* sizes, int dimensions, int scalarType, nint context, delegate* unmanaged[Cdecl]<nint, void> release, nint* result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int adaqat_tensor_set_names(nint handle, string[] names, int count);

    [LibraryImport(Library)]
    public static partial int adaqat_requires_grad(nint handle);

    [LibraryImport(Library)]
    public static partial int adaqat_set_requires_grad(nint handle, int requiresGrad);

    [LibraryImport(Library)]
    public static partial int adaqat_is_leaf(nint handle);

    [LibraryImport(Library)]
    public static partial int adaqat_retain_grad(nint handle);

    [LibraryImport(Library)]
    public static partial int adaqat_grad(nint handle, nint* grad);

    [LibraryImport(Library)]
    public static partial int adaqat_set_grad(nint handle, nint grad);

    [LibraryImport(Library)]
    public static partial int adaqat_backward(
        nint* tensors, int tensorCount, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    public static partial int adaqat_gradients(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* grads, int gradCount,
        int retainGraph, int createGraph, int allowUnused, NativeValue** results, int* resultCount);

    [LibraryImport(Library)]
    public static partial int adaqat_grad_mode();

    [LibraryImport(Library)]
    public static partial void adaqat_set_grad_mode(int enabled);

    [LibraryImport(Library)]
    public static partial int adaqat_inference_mode();

    [LibraryImport(Library)]
    public static partial nint adaqat_inference_enter(int enabled);

    [LibraryImport(Library)]
    public static partial void adaqat_inference_leave(nint guard);

    [LibraryImport(Library)]
    public static partial int adaqat_anomaly_mode(int* checkNan);

    [LibraryImport(Library)]
    public static partial void adaqat_set_anomaly_mode(int enabled, int checkNan);

    [LibraryImport(Library)]
    public static partial int adaqat_function_apply(
        nint managed,
        delegate* unmanaged[Cdecl]<nint, nint, nint, int> forward,
        delegate* unmanaged[Cdecl]<nint, nint, nint*, int, nint, int> backward,
        delegate* unmanaged[Cdecl]<nint, void> released,
        nint* inputs, int count, NativeValue** results, int* resultCount);

    [LibraryImport(Library)]
    public static partial void adaqat_answer_tensors(nint answer, nint* tensors, int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void adaqat_answer_exception(nint answer, long ticket, string message);

    [LibraryImport(Library)]
    public static partial int adaqat_context_save(nint context, nint* tensors, int count);

    [LibraryImport(Library)]
    public static partial int adaqat_context_saved(nint context, NativeValue** results, int* resultCount);

    [LibraryImport(Library)]
    public static partial int adaqat_context_mark_dirty(nint context, nint* tensors, int count);

    [LibraryImport(Library)]
    public static partial int adaqat_context_mark_non_differentiable(nint context, nint* tensors, int count);

    [LibraryImport(Library)]
    public static partial void adaqat_context_materialize_grads(nint context, int materialize);

    [LibraryImport(Library)]
    public static partial int adaqat_manual_seed(long seed);

    [LibraryImport(Library)]
    public static partial int adaqat_generator_default(int deviceType, int deviceIndex, nint* generator);

    [LibraryImport(Library)]
    public static partial int adaqat_generator_new(int deviceType, int deviceIndex, ulong seed, nint* generator);

    [LibraryImport(Library)]
    public static partial void adaqat_generator_release(nint generator);

    [LibraryImport(Library)]
    public static partial int adaqat_generator_set_seed(nint generator, ulong seed);

    [LibraryImport(Library)]
    public static partial int adaqat_generator_seed(nint generator, ulong* seed);

    [LibraryImport(Library)]
    public static partial int adaqat_generator_initial_seed(nint generator, ulong* seed);

    [LibraryImport(Library)]
    public static partial int adaqat_generator_state(nint generator, nint* state);

    [LibraryImport(Library)]
    public static partial int adaqat_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    public static partial nint adaqat_torch_version();

    [LibraryImport(Library)]
    public static partial int adaqat_num_threads();

    [LibraryImport(Library)]
    public static partial int adaqat_set_num_threads(int count);

    [LibraryImport(Library)]
    public static partial int adaqat_num_interop_threads();

    [LibraryImport(Library)]
    public static partial int adaqat_set_num_interop_threads(int count);

    [LibraryImport(Library)]
    public static partial int adaqat_default_dtype();

    [LibraryImport(Library)]
    public static partial int adaqat_set_default_dtype(int scalarType);

    [LibraryImport(Library)]
    public static partial int adaqat_device_count(int deviceType);

    [LibraryImport(Library)]
    public static partial int adaqat_has_cudnn();

    [LibraryImport(Library)]
    public static partial int adaqat_cuda_synchronize(int index);
}
