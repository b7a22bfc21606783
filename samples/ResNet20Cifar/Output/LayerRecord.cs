namespace ResNet20Cifar.Output;

/// <summary>One layer's outcome.</summary>
public sealed record LayerRecord(string Name, int WeightBits, int ActivationBits, long Macs);
