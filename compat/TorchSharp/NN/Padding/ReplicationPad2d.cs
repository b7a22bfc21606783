namespace TorchSharp.Modules;

/// <summary>Surrounds two spatial dimensions with the nearest edge.</summary>
public sealed class ReplicationPad2d : PadBase
{
    internal ReplicationPad2d(long[] padding) : base(nameof(ReplicationPad2d), PaddingModes.Replicate, 0, padding)
    {
    }
}
