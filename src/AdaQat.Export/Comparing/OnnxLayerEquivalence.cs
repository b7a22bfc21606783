namespace AdaQat.Export;

/// <summary>
/// How the codes of one quantizer in an ONNX file compare with the integer network's, when both have the file's codes before it.
/// </summary>
/// <param name="Quantizer">The quantizer's node in the graph.</param>
/// <param name="Codes">How many codes were compared.</param>
/// <param name="Different">How many of the file's differ from the integer network's.</param>
/// <param name="LargestDistance">
/// How far from a threshold the number was at most where they differ by one, relative to the sum of the magnitudes that it is added up
/// from, less what the form itself moves it; 0 where none differs.
/// </param>
/// <param name="Unexplained">
/// How many differ by more than one, or farther than 2⁻²⁰ from a threshold. None: the file computes what the integer network computes.
/// </param>
public sealed record OnnxLayerEquivalence(string Quantizer, long Codes, long Different, double LargestDistance, long Unexplained);
