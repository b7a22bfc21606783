namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor((float, float) scalar, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Copy<(float, float)>([scalar], [], ScalarType.ComplexFloat32, dtype, device, requires_grad, null);

    public static Tensor tensor(
        float real, float imaginary, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Copy<(float, float)>([(real, imaginary)], [], ScalarType.ComplexFloat32, dtype, device, requires_grad, null);

    public static Tensor tensor(
        (float, float)[] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Copy<(float, float)>(rawArray, [rawArray.LongLength], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        (float, float)[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Copy<(float, float)>(rawArray, dimensions, ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        (float, float)[,] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        CopyArray<(float, float)>(rawArray, ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        (float, float)[,,] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        CopyArray<(float, float)>(rawArray, ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        (float, float)[,,,] rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        string[] names = null) =>
        CopyArray<(float, float)>(rawArray, ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<(float, float)> rawArray, ScalarType? dtype = null, Device device = null, bool requires_grad = false,
        string[] names = null) =>
        Copy<(float, float)>(Flatten(rawArray), [rawArray.Count], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<(float, float)> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Copy<(float, float)>(Flatten(rawArray), dimensions, ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<(float, float)> rawArray, long rows, long columns, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Copy<(float, float)>(Flatten(rawArray), [rows, columns], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<(float, float)> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Copy<(float, float)>(Flatten(rawArray), [dim0, dim1, dim2], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<(float, float)> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device device = null,
        bool requires_grad = false, string[] names = null) =>
        Copy<(float, float)>(Flatten(rawArray), [dim0, dim1, dim2, dim3], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
}
