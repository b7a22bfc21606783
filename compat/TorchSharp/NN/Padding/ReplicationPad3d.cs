namespace TorchSharp.Modules;

/// <summary>Surrounds three spatial dimensions with the nearest edge.</summary>
public sealed class ReplicationPad3d : PadBase
{
    internal ReplicationPad3d(long[] padding) : base(nameof(ReplicationPad3d), PaddingModes.Replicate, 0, padding)
    {
    }
}
