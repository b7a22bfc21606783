namespace AdaQat;

/// <summary>How far the ranges reach that a quantizer can be given, and how many it takes.</summary>
/// <param name="Granularity">How far each reaches, on the tensor that is quantized.</param>
/// <param name="Count">How many there are; 1 per tensor.</param>
public sealed record RangeLayout(Granularity Granularity, long Count)
{
    /// <summary>One range for the whole tensor.</summary>
    public static RangeLayout PerTensor { get; } = new(Granularity.PerTensor, 1);

    /// <summary>The smallest shape of a tensor that has as many ranges.</summary>
    internal long[] SmallestShape => Granularity switch
    {
        { GroupSize: { } size } => [Count, size],
        { Axis: { } axis } => [.. Enumerable.Repeat(1L, axis), Count],
        _ => [1],
    };
}
