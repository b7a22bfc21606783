using AdaQat.Costs;

namespace AdaQat;

/// <summary>
/// The most memory that activations take at once, for one sample: what is stored in the fullest step of the network, layers' inputs and
/// quantized operands of residual sums at their widths, everything else at 32 bits. <see cref="QuantizedModel.PeakActivations"/> makes it.
/// </summary>
/// <remarks>
/// Steps are the network's operators in their order; normalisation, activation functions and quantizers are computed as their input is
/// made, and take no memory of their own. In the loss it is L_hard = bits of the fullest step / elements of the fullest step at equal
/// widths: the mean width there. Only the fullest step has a gradient.
/// </remarks>
public sealed class PeakActivationCost : IHardwareCost
{
    private readonly IReadOnlyList<string> _steps;
    private readonly IReadOnlyList<LiveActivation> _activations;
    private readonly double _elements;

    /// <param name="steps">The names of the steps, in order.</param>
    /// <param name="activations">What is in memory, and when.</param>
    /// <param name="floatBits">What the network in float takes.</param>
    internal PeakActivationCost(IReadOnlyList<string> steps, IReadOnlyList<LiveActivation> activations, double floatBits)
    {
        (_steps, _activations, FloatBits) = (steps, activations, floatBits);
        _elements = Peak(_ => 1).Amount;
    }

    /// <inheritdoc/>
    public string Name => "activations at once";

    /// <inheritdoc/>
    public string Unit => "bits";

    /// <inheritdoc/>
    public bool IsSumOverLayers => false;

    /// <summary>What the network takes in float, in bits of float32.</summary>
    internal double FloatBits { get; }

    /// <summary>The bits of the fullest step.</summary>
    /// <param name="layers">The layers and their bits.</param>
    public double Total(IReadOnlyList<LayerBits> layers) => Fullest(layers).Amount;

    /// <inheritdoc/>
    public double Loss(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Any(l => l.Layer.ActivationBits.IsLearned) ? Total(layers) / _elements : 0;
    }

    /// <summary>∂L_hard/∂N_a: the share of the fullest step's elements that the width serves; 0 for a weight width.</summary>
    /// <param name="layers">The layers and their bits.</param>
    /// <param name="width">One of the layers' widths.</param>
    public double Derivative(IReadOnlyList<LayerBits> layers, BitWidth width)
    {
        ArgumentNullException.ThrowIfNull(width);
        if (!width.IsLearned)
        {
            return 0;
        }

        var step = Fullest(layers).Step;
        var served = layers.Where(l => ReferenceEquals(l.Layer.ActivationBits, width)).Select(l => l.Layer.Name).ToHashSet();
        return Live(step).Where(activation => activation.Layer is { } layer && served.Contains(layer)).Sum(a => a.Elements) / _elements;
    }

    /// <summary>The fullest step by its node's name.</summary>
    internal string FullestStep(IReadOnlyList<LayerBits> layers) => _steps[Fullest(layers).Step];

    private (int Step, double Amount) Fullest(IReadOnlyList<LayerBits> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var bits = layers.ToDictionary(l => l.Layer.Name, l => l.ActivationBits);
        return Peak(activation => activation.Layer is { } layer ? bits.GetValueOrDefault(layer, BitWidth.FloatBits) : activation.FixedBits);
    }

    private (int Step, double Amount) Peak(Func<LiveActivation, int> bits) => Enumerable.Range(0, _steps.Count)
        .Select(step => (Step: step, Amount: Live(step).Sum(activation => activation.Elements * bits(activation))))
        .MaxBy(step => step.Amount);

    private IEnumerable<LiveActivation> Live(int step) => _activations.Where(a => a.Born <= step && step <= a.LastUsed);
}
