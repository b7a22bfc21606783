using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.AdaptiveRounding;

/// <summary>
/// What follows a layer and nothing else reads: batch normalisation, then limits such as ReLU. Errors are measured behind it.
/// </summary>
internal sealed class OutputFunction
{
    private readonly Tensor? _slope;
    private readonly Tensor? _intercept;
    private readonly double? _low;
    private readonly double? _high;

    private OutputFunction(Tensor? slope, Tensor? intercept, double? low, double? high) =>
        (_slope, _intercept, _low, _high) = (slope, intercept, low, high);

    /// <summary>What follows a node.</summary>
    public static OutputFunction Of(CorrectedNetwork network, GraphNode node)
    {
        var (slope, intercept) = (default(Tensor), default(Tensor));
        var readers = network.Readers(node);
        if (readers is [{ Operator: BatchNormOperator } norm] && (node.Operator is not LinearOperator || node.Output.Shape.Rank == 2)
            && network.BatchNormOf(norm, out _) is { } module)
        {
            slope = module.running_var!.detach().Add(module.eps).rsqrt();
            slope = module.weight is null ? slope : slope * module.weight.detach();
            intercept = (module.running_mean!.detach() * slope).neg();
            intercept = module.bias is null ? intercept : intercept.Add(module.bias.detach());
            readers = network.Readers(norm);
        }

        return readers switch
        {
            [{ Operator: ReluOperator }] => new(slope, intercept, low: 0, high: null),
            [{ Operator: ClampOperator clamp }] => new(slope, intercept, clamp.Minimum, clamp.Maximum),
            _ => new(slope, intercept, low: null, high: null),
        };
    }

    /// <summary>Of a layer's output, with the channels in a dimension.</summary>
    public Tensor Apply(Tensor output, int axis)
    {
        if (_slope is not null)
        {
            var shape = Enumerable.Range(0, (int)output.dim()).Select(other => other == axis ? -1L : 1).ToArray();
            output = (output * _slope.to(output.dtype).reshape(shape)).Add(_intercept!.to(output.dtype).reshape(shape));
        }

        return _low is null && _high is null ? output : output.Clamp(
            _low ?? double.NegativeInfinity, _high ?? double.PositiveInfinity);
    }
}
