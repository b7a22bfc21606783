namespace AdaQat;

/// <summary>What options are told of the quantizer that they are to make.</summary>
/// <param name="Target">A layer's weight or its input.</param>
/// <param name="Layer">The layer; of several that share a weight or an input, the first.</param>
/// <param name="Width">The width that the quantizer reads.</param>
/// <param name="IsSigned">Whether the example led to negative values there; for a weight always.</param>
public sealed record QuantizerRequest(QuantizerTarget Target, LayerFacts Layer, BitWidth Width, bool IsSigned);
