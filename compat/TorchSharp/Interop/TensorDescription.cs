using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What there is to know of a tensor without touching its memory; mirrors the native structure.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorDescription
{
    public long Elements;
    public long ElementSize;
    public long StorageOffset;
    public int Dimensions;
    public int ScalarType;
    public int DeviceType;
    public int DeviceIndex;
    public int Layout;
    public int IsContiguous;
}
