namespace AdaQat.Export;

/// <summary>
/// A layer that is computed in bytes with what follows it, up to the next codes. ONNX Runtime makes those of its sums, which are integers,
/// by one multiplication in 32 bits; for most channels there is a bias and a scale with which that switches from code to code at the very
/// sums at which the quantized network does.
/// </summary>
/// <param name="Layer">The layer's node in the graph.</param>
/// <param name="Channels">How many channels it has, counted for each quantizer that reads it.</param>
/// <param name="ChannelsMoved">
/// In how many of them a threshold is elsewhere; 0 where the layer is the quantized network's to the bit.
/// </param>
/// <param name="Thresholds">How many thresholds lie between sums that can occur, in all channels.</param>
/// <param name="ThresholdsMoved">How many of those are one sum off.</param>
public sealed record OnnxFusedLayer(string Layer, int Channels, int ChannelsMoved, long Thresholds, long ThresholdsMoved);
