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
    private readonly IntegerModel _model;
    private readonly LoweredModel _lowered;
    private readonly Dictionary<string, List<string>> _quantizers;
    private readonly Dictionary<string, (long Codes, long Different, double Distance)> _counts = new(StringComparer.Ordinal);

    public ForcedLayers(IntegerModel model, LoweredModel lowered)
    {
        (_model, _lowered) = (model, lowered);
        _quantizers = lowered.Codes.GroupBy(pair => pair.Value.Node, pair => pair.Key)
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>What was counted for a quantizer.</summary>
    public (long Codes, long Different, double Distance) Counted(string quantizer) => _counts.GetValueOrDefault(quantizer);

    /// <summary>One image.</summary>
    /// <param name="image">The input's floats, as a caller gives them.</param>
    /// <param name="steps">
    /// For each quantizer what it was given, in steps: x / scale − offset, in the graph's order, without the batch.
    /// </param>
    public void Run(float[] image, IReadOnlyDictionary<string, Tensor> steps)
    {
        var values = new Dictionary<IntegerNode, ReferenceTensor>(ReferenceEqualityComparer.Instance);
        foreach (var node in _model.Nodes)
        {
            var value = new ReferenceTensor(node.Shape, node.Type);
            if (node is InputNode input)
            {
                IntegerInterpreter.Give(input, image, value);
            }
            else
            {
                node.Compute([.. node.Inputs.Select(each => values[each])], value);
            }

            foreach (var quantizer in _quantizers.GetValueOrDefault(node.Name) ?? [])
            {
                Compare(quantizer, value, steps[quantizer]);
            }

            values.Add(node, value);
        }
    }

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
