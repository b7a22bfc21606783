using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        internal void SetNames(string[] names)
        {
            Errors.Check(NativeMethods.adaqat_tensor_set_names(Handle, names, names.Length));
            GC.KeepAlive(this);
        }
    }
}
