using AdaQat.Graph;
using AdaQat.Runtime;
using static TorchSharp.torch;

namespace AdaQat.Export;

/// <summary>
/// The codes of a file's quantizers beside the integer network's, one image after the other. Each layer is judged on the file's own codes:
/// they take the place of the integer network's once they are compared.
/// </summary>
internal sealed class OnnxLayers(IntegerModel model, LoweredModel lowered, IReadOnlyDictionary<string, CodeOutput> outputs)
{
    /// <summary>
    /// How far from a threshold, relative to the numbers that are added up, rounding in 32 bits may choose the other code.
    /// </summary>
    public const double Nearby = 1.0 / (1 << 20);

    private readonly IntegerWalk _walk = new(model, lowered);
    private readonly Dictionary<string, OnnxLayerEquivalence> _counts = new(StringComparer.Ordinal);

    /// <summary>What was counted for a quantizer; null where the file has it, or the integer network, in another way.</summary>
    public OnnxLayerEquivalence? Counted(string quantizer) => _counts.GetValueOrDefault(quantizer);

    /// <summary>One image.</summary>
    /// <param name="image">The input's floats, as a caller gives them.</param>
    /// <param name="numbers">
    /// For each quantizer, without the batch: the file's codes; in float64, on the file's codes before it, what is quantized; its
    /// magnitudes.
    /// </param>
    public void Run(float[] image, IReadOnlyDictionary<string, (Tensor Codes, Tensor Numbers, Tensor Magnitudes)> numbers) =>
        _walk.Run(image, (quantizer, value) => Compare(quantizer, value, numbers[quantizer]));

    private void Compare(string quantizer, ReferenceTensor value, (Tensor Codes, Tensor Numbers, Tensor Magnitudes) file)
    {
        var (_, order, grid) = lowered.Codes[quantizer];
        var (codes, numbers, magnitudes) = (Arranged(file.Codes), Arranged(file.Numbers), Arranged(file.Magnitudes));
        var moved = outputs[quantizer].Moves;
        var channelsAt = order.Index().FirstOrDefault(pair => pair.Item == 1).Index;
        var inner = value.Shape.Skip(channelsAt + 1).Aggregate(1L, (product, size) => product * size);
        var (different, distance, unexplained) = (0, 0.0, 0);
        for (var i = 0; i < codes.Length; i++)
        {
            var (theirs, ours) = ((long)codes[i] - grid.Lowest, value.Stored[i]);
            if (theirs == ours)
            {
                continue;
            }

            different++;
            value.Stored[i] = theirs;
            var threshold = grid.Scale * (grid.Lowest + Math.Min(theirs, ours) + 0.5 + grid.Offset);
            var move = moved.Count == 0 ? CodeMove.None : moved[(int)(i / inner % moved.Count)];
            var apart = move.Crosses(numbers[i], threshold, theirs > ours) ? 0
                : Math.Max(0, Math.Abs(move.Of(numbers[i]) - threshold) - move.Rounding);
            var relative = apart / (magnitudes[i] + (grid.Scale * Math.Abs(grid.Offset)));
            if (Math.Abs(theirs - ours) > 1 || !(relative <= Nearby))
            {
                unexplained++;
            }

            distance = Math.Abs(theirs - ours) > 1 ? distance : Math.Max(distance, relative);
        }

        var before = _counts.GetValueOrDefault(quantizer) ?? new(quantizer, 0, 0, 0, 0);
        _counts[quantizer] = new(
            quantizer, before.Codes + codes.Length, before.Different + different, Math.Max(before.LargestDistance, distance),
            before.Unexplained + unexplained);

        double[] Arranged(Tensor tensor)
        {
            using var arranged = tensor.permute([.. order.Select(axis => (long)axis - 1)]).contiguous();
            return arranged.data<double>().ToArray();
        }
    }
}
