using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>
/// A boolean buffer of a quantizer as its forward reads it: on the CPU each time; from another device once, and again after the state was
/// handed out, where it may have been written to. A forward that fetched it each time would wait for the device each time.
/// </summary>
internal sealed class HostFlag
{
    private const int Unknown = -1;

    private volatile int _elsewhere = Unknown;

    /// <summary>The flag's value.</summary>
    public bool Read(Tensor flag) => flag.device_type == DeviceType.CPU ? flag.item<bool>() : Elsewhere(flag);

    /// <summary>Sets the flag.</summary>
    public void Raise(Tensor flag)
    {
        flag.Fill(true);
        _elsewhere = 1;
    }

    /// <summary>The state is handed out.</summary>
    public void Forget() => _elsewhere = Unknown;

    /// <summary>Fetched once; several threads may ask at a time.</summary>
    private bool Elsewhere(Tensor flag)
    {
        var known = _elsewhere;
        if (known == Unknown)
        {
            using var host = flag.cpu();
            _elsewhere = known = host.item<bool>() ? 1 : 0;
        }

        return known == 1;
    }
}
