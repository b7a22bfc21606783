namespace AdaQat;

/// <summary>What a hardware cost needs to know of one layer.</summary>
/// <param name="Name">The layer's name in the model.</param>
/// <param name="Macs">Multiply-accumulate operations for one sample.</param>
/// <param name="WeightCount">Elements of its weight.</param>
/// <param name="ActivationCount">Elements of its input for one sample.</param>
/// <param name="WeightBits">The width of its weight.</param>
/// <param name="ActivationBits">The width of its input.</param>
public sealed record LayerProfile(
    string Name, long Macs, long WeightCount, long ActivationCount, BitWidth WeightBits, BitWidth ActivationBits)
{
    /// <summary>Whether at least one of the two widths is learned.</summary>
    public bool IsLearned => WeightBits.IsLearned || ActivationBits.IsLearned;
}
