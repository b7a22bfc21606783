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
    /// <summary>What is stored of its weight beside the codes. Default one scale.</summary>
    public WeightStorage Storage { get; init; } = new(Scales: 1);

    /// <summary>Whether its weight is stored for it; false where that is the weight of a layer before it. Default true.</summary>
    public bool OwnsWeight { get; init; } = true;

    /// <summary>Its kind and the shapes of one call; null where a profile is made without.</summary>
    public LayerShape? Shape { get; init; }

    /// <summary>Whether at least one of the two widths is learned.</summary>
    public bool IsLearned => WeightBits.IsLearned || ActivationBits.IsLearned;
}
