namespace ResNet20Cifar.Output;

/// <summary>The bit-widths of a moment; where layers have their own, the means over the learned ones.</summary>
/// <param name="Weights">N_w, real-valued.</param>
/// <param name="Activations">N_a, real-valued.</param>
/// <param name="WeightBits">n_w, the width in force: whole, unless it is a mean.</param>
/// <param name="ActivationBits">n_a, likewise.</param>
public sealed record WidthReading(double Weights, double Activations, double WeightBits, double ActivationBits);
