namespace TorchSharp.Modules;

/// <summary>Sizes and options of multi-head attention.</summary>
internal readonly record struct AttentionShape(
    long Size, long Heads, double Dropout, bool HasBias, bool AddKeyValueBias, bool AddZeroAttention, long KeySize, long ValueSize)
{
    /// <summary>Queries, keys and values of one size are projected by one fused weight.</summary>
    public bool HasOwnProjections => KeySize != Size || ValueSize != Size;
}
