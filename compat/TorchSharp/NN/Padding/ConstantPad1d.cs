namespace TorchSharp.Modules;

/// <summary>Surrounds one spatial dimension with a fixed value.</summary>
public sealed class ConstantPad1d : PadBase
{
    internal ConstantPad1d(long[] padding, double value) : base(nameof(ConstantPad1d), PaddingModes.Constant, value, padding)
    {
    }
}
