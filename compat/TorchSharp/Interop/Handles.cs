using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>The native handles of several tensors, for calls that take an array of them.</summary>
internal static class Handles
{
    /// <summary>Null and an invalid tensor give a null handle.</summary>
    public static nint[] Of(IList<Tensor> tensors)
    {
        if (tensors is null || tensors.Count == 0) return [];
        var handles = new nint[tensors.Count];
        for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i] is { IsInvalid: false } tensor ? tensor.handle : 0;
        return handles;
    }
}
