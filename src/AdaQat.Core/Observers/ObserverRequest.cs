namespace AdaQat;

/// <summary>What options are told of the observer that they are to make: one for each scale of a quantizer.</summary>
/// <param name="Quantizer">
/// What will be given the range; <see cref="Quantizer.GridsOver"/> says what it would make of one. Its state is not to be changed.
/// </param>
/// <param name="Target">A layer's weight or its input.</param>
public sealed record ObserverRequest(Quantizer Quantizer, QuantizerTarget Target);
