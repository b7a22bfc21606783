namespace TorchSharp.Modules;

/// <summary>Surrounds one spatial dimension with the mirrored input.</summary>
public sealed class ReflectionPad1d : PadBase
{
    internal ReflectionPad1d(long[] padding) : base(nameof(ReflectionPad1d), PaddingModes.Reflect, 0, padding)
    {
    }
}
