using AdaQat.Convolutions;
using TorchSharp;

namespace AdaQat;

/// <summary>
/// Whether libtorch's convolutions compute what they should on this processor, and what to do where they do not.
/// </summary>
/// <remarks>
/// libtorch leaves convolutions in float32 to oneDNN, which writes machine code for the processor it finds. On a virtual machine that
/// hides the sizes of the processor's caches, libtorch 2.10 was seen to compute wrong gradients for some numbers of channels, NaN now and
/// then, without a word: a training there learns nothing, or ends with a loss that is not finite.
/// <code>
/// if (CpuConvolutions.Fault() is { } fault)
/// {
///     Console.Error.WriteLine(fault);
///     CpuConvolutions.TryTurnOneDnnOff();
/// }
/// </code>
/// </remarks>
public static class CpuConvolutions
{
    /// <summary>
    /// Compares small convolutions in float32, forward and backward, with the same ones in float64, which are not oneDNN's. Takes some
    /// milliseconds; draws no random numbers.
    /// </summary>
    /// <returns>What is wrong and what to do; null where they agree.</returns>
    public static string? Fault() => ConvolutionProof.Fault(ConvolutionProof.Gradients);

    /// <summary>
    /// Has libtorch compute convolutions by its own code from now on, for the whole process: right where oneDNN's is not, and slower.
    /// </summary>
    /// <remarks>TorchSharp 0.107 has no member for this switch of libtorch's, so it is looked up in the library that is loaded.</remarks>
    /// <returns>Whether it was turned off; false where the switch cannot be reached, as on Windows.</returns>
    public static bool TryTurnOneDnnOff()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        return ConvolutionSwitches.TryTurnOff();
    }
}
