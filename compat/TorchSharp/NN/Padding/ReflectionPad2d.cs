namespace TorchSharp.Modules;

/// <summary>Surrounds two spatial dimensions with the mirrored input.</summary>
public sealed class ReflectionPad2d : PadBase
{
    internal ReflectionPad2d(long[] padding) : base(nameof(ReflectionPad2d), PaddingModes.Reflect, 0, padding)
    {
    }
}
