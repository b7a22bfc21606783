namespace TorchSharp.Modules;

/// <summary>Surrounds three spatial dimensions with a fixed value.</summary>
public sealed class ConstantPad3d : PadBase
{
    internal ConstantPad3d(long[] padding, double value) : base(nameof(ConstantPad3d), PaddingModes.Constant, value, padding)
    {
    }
}
