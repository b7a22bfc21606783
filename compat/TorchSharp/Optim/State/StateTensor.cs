using System.IO;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Moves the tensors of optimizer states about. A state owns its tensors: no dispose scope may end their life.</summary>
internal static class StateTensor
{
    internal static Tensor ZerosLike(Parameter parameter) => torch.zeros_like(parameter).DetachFromDisposeScope();

    internal static void Replace(ref Tensor target, Tensor replacement)
    {
        target?.Dispose();
        target = replacement?.DetachFromDisposeScope();
    }

    /// <summary>Copies, so that the optimizer that was loaded from can be disposed or go on by itself.</summary>
    internal static void Copy(ref Tensor target, Tensor source, Device device) => Replace(ref target, source?.to(device, copy: true));

    internal static void Move(ref Tensor target, Device device)
    {
        if (target is null || target.device == device) return;
        Replace(ref target, target.to(device));
    }

    internal static void Save(BinaryWriter writer, Tensor tensor)
    {
        using var plain = tensor.is_contiguous() ? null : tensor.contiguous();
        (plain ?? tensor).Save(writer);
    }

    internal static void Load(BinaryReader reader, ref Tensor target, Device device)
    {
        var loaded = TensorExtensionMethods.Load(reader);
        Move(ref loaded, device);
        Replace(ref target, loaded);
    }

    internal static bool Close(Tensor left, Tensor right) => left is null ? right is null : right is not null && left.allclose(right);
}
