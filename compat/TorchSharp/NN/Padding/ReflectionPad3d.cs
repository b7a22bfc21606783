namespace TorchSharp.Modules;

/// <summary>Surrounds three spatial dimensions with the mirrored input.</summary>
public sealed class ReflectionPad3d : PadBase
{
    internal ReflectionPad3d(long[] padding) : base(nameof(ReflectionPad3d), PaddingModes.Reflect, 0, padding)
    {
    }
}
