namespace AdaQat;

/// <summary>
/// A cost of running the network, as a function of its layers and their bits: L_hard of the AdaQAT loss L = L_task + λ · L_hard.
/// </summary>
/// <remarks>
/// All three members are pure: they read the bits they are given, not those in force. <see cref="Loss"/> is normalised so that λ means the
/// same for networks of all sizes. A cost must not fall with more bits.
/// </remarks>
public interface IHardwareCost
{
    /// <summary>What it counts, for tables and errors: by default the name of its type.</summary>
    string Name => GetType().Name;

    /// <summary>The unit of <see cref="Total"/>, such as <c>bytes</c>; empty where an implementation does not say.</summary>
    string Unit => "";

    /// <summary>
    /// Whether <see cref="Total"/> is the sum of what each layer costs alone, but for a constant. The best bits under a budget are then
    /// found with proof; otherwise by search. False where an implementation does not say.
    /// </summary>
    bool IsSumOverLayers => false;

    /// <summary>The cost in its own unit, over all layers, for one sample.</summary>
    /// <param name="layers">The layers and their bits.</param>
    double Total(IReadOnlyList<LayerBits> layers);

    /// <summary>L_hard: the cost of the learned layers, normalised.</summary>
    /// <param name="layers">The layers and their bits.</param>
    double Loss(IReadOnlyList<LayerBits> layers);

    /// <summary>∂L_hard/∂N for <paramref name="width"/>, analytic, summed over every layer the width serves.</summary>
    /// <param name="layers">The layers and their bits.</param>
    /// <param name="width">One of the layers' widths.</param>
    double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width);
}
