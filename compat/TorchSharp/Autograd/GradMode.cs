using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => NativeMethods.adaqat_grad_mode() != 0;

    /// <summary>Records no gradients on this thread until the result is disposed.</summary>
    public static IDisposable no_grad() => GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => GradMode(mode);

    public static bool is_inference_mode_enabled() => NativeMethods.adaqat_inference_mode() != 0;

    /// <summary>As <see cref="no_grad"/>, and new tensors skip the bookkeeping that gradients need.</summary>
    public static IDisposable inference_mode(bool mode = true)
    {
        var guard = NativeMethods.adaqat_inference_enter(mode ? 1 : 0);
        return new Scope(() => NativeMethods.adaqat_inference_leave(guard));
    }

    private static Scope GradMode(bool enabled)
    {
        var before = NativeMethods.adaqat_grad_mode();
        NativeMethods.adaqat_set_grad_mode(enabled ? 1 : 0);
        return new Scope(() => NativeMethods.adaqat_set_grad_mode(before));
    }
}
