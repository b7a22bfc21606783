namespace AdaQat.Costs;

/// <summary>A cost of running the network, as a function of its bit-widths: L_hard of the AdaQAT loss L = L_task + λ · L_hard.</summary>
/// <remarks>
/// All three members read the integer widths in force (<see cref="BitWidth.Bits"/>). <see cref="Loss"/> is normalised so that λ means
/// the same for networks of all sizes.
/// </remarks>
public interface IHardwareCost
{
    /// <summary>The cost in its own unit, over all layers, for one sample.</summary>
    double Total(IReadOnlyList<LayerCost> layers);

    /// <summary>L_hard: the cost of the learned layers, normalised.</summary>
    double Loss(IReadOnlyList<LayerCost> layers);

    /// <summary>∂L_hard/∂N for <paramref name="width"/>, analytic, summed over every layer the width serves.</summary>
    double Derivative(IReadOnlyList<LayerCost> layers, BitWidth width);
}
