using AdaQat.Graph;
using AdaQat.Runtime;
using static TorchSharp.torch;

namespace AdaQat.Export;

/// <summary>
/// The integer network by its formulas, one image after the other, where each quantizer's codes are compared and then replaced by the
/// reference's: every layer is judged on the reference's own inputs.
/// </summary>
internal sealed class ForcedLayers
{
    private readonly LoweredModel _lowered;
    private readonly IntegerWalk _walk;
    private readonly Dictionary<string, (long Codes, long Different, double Distance)> _counts = new(StringComparer.Ordinal);

    public ForcedLayers(IntegerModel model, LoweredModel lowered)
    {
        (_lowered, _walk) = (lowered, new(model, lowered));
    }

    /// <summary>What was counted for a quantizer.</summary>
    public (long Codes, long Different, double Distance) Counted(string quantizer) => _counts.GetValueOrDefault(quantizer);

    /// <summary>One image.</summary>
    /// <param name="image">The input's floats, as a caller gives them.</param>
    /// <param name="steps">
    /// For each quantizer what it was given, in steps: x / scale − offset, in the graph's order, without the batch.
    /// </param>
    public void Run(float[] image, IReadOnlyDictionary<string, Tensor> steps) =>
        _walk.Run(image, (quantizer, value) => Compare(quantizer, value, steps[quantizer]));

    private void Compare(string quantizer, ReferenceTensor value, Tensor steps)
    {
        var (_, order, grid) = _lowered.Codes[quantizer];
        using var arranged = steps.permute([.. order.Select(axis => (long)axis - 1)]).contiguous();
        var numbers = arranged.data<double>().ToArray();
        var (_, different, distance) = _counts.GetValueOrDefault(quantizer);
        for (var i = 0; i < numbers.Length; i++)
        {
            var code = Math.Clamp((long)Math.Clamp(Math.Round(numbers[i], MidpointRounding.ToEven), -1e9, 1e9), grid.Lowest, grid.Highest)
                - grid.Lowest;
            if (code != value.Stored[i])
            {
                different++;
                var place = numbers[i] - Math.Floor(numbers[i]) - 0.5;
                distance = Math.Max(distance, Math.Max(Math.Abs(place), Math.Abs(code - value.Stored[i]) - 1));
                value.Stored[i] = code;
            }
        }

        _counts[quantizer] = (_counts.GetValueOrDefault(quantizer).Codes + numbers.Length, different, distance);
    }
}
