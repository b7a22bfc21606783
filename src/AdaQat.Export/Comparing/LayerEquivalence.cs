namespace AdaQat.Export;

/// <summary>How the codes of one quantizer compare, when all that comes before it has the reference's codes.</summary>
/// <param name="Quantizer">The quantizer's node in the graph.</param>
/// <param name="Codes">How many codes were compared.</param>
/// <param name="Different">How many of the integer network's differ from the reference's.</param>
/// <param name="LargestDistance">
/// How far from a threshold the reference's number was at most where they differ, in steps; 0 where none does.
/// </param>
/// <param name="DifferentInFloat32">How many codes of the same quantization computed in float32 differ from the reference's.</param>
public sealed record LayerEquivalence(string Quantizer, long Codes, long Different, double LargestDistance, long DifferentInFloat32);
