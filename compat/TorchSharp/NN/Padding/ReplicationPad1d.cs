namespace TorchSharp.Modules;

/// <summary>Surrounds one spatial dimension with the nearest edge.</summary>
public sealed class ReplicationPad1d : PadBase
{
    internal ReplicationPad1d(long[] padding) : base(nameof(ReplicationPad1d), PaddingModes.Replicate, 0, padding)
    {
    }
}
