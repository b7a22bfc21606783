using AdaQat.Execution;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Export;

/// <summary>A graph with its quantizers, computed by libtorch in one type of numbers, for any batch.</summary>
internal sealed class ReferenceRun : IDisposable
{
    private readonly ModelGraph _graph;
    private readonly ScalarType _type;
    private readonly Dictionary<int, Tensor> _constants = [];

    public ReferenceRun(ModelGraph graph, ScalarType type)
    {
        (_graph, _type) = (graph, type);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var node in graph.Nodes.Where(node => node.Operator is ConstantOperator))
        {
            Keep(node.Output, TorchOperators.ToTensor(graph.Constant(node.Output)!, type, CPU));
        }

        // What follows from constants alone, quantized weights above all, is computed once.
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Count > 0 && node.Operator is not OutputOperator
            && node.Inputs.All(input => _constants.ContainsKey(input.Id))))
        {
            foreach (var (value, tensor) in node.Outputs.Zip(node.Operator.Evaluate(
                [.. node.Inputs.Select(input => Numbers(_constants[input.Id]))])))
            {
                Keep(value, TorchOperators.ToTensor(tensor, type, CPU));
            }
        }

        void Keep(GraphValue value, Tensor tensor) => _constants[value.Id] = tensor.DetachFromDisposeScope();
    }

    /// <summary>The first output; what a quantizer is given and what it makes is shown to a watcher, who says what goes on.</summary>
    /// <param name="input">A batch.</param>
    /// <param name="watcher">The quantizer's node, its input and its output; the result is what its readers get.</param>
    /// <returns>The output; the caller's scope's.</returns>
    public Tensor Run(Tensor input, Func<GraphNode, Tensor, Tensor, Tensor> watcher) =>
        Run(input, watcher, (_, _, _) => { });

    /// <summary>The same, with sums of magnitudes beside what quantizers are given, as <see cref="Magnitudes"/> says.</summary>
    /// <param name="input">A batch.</param>
    /// <param name="watcher">
    /// The quantizer's node, its input, its input's magnitudes and its output; the result is what its readers get.
    /// </param>
    /// <returns>The output; the caller's scope's.</returns>
    public Tensor RunWithMagnitudes(Tensor input, Func<GraphNode, Tensor, Tensor, Tensor, Tensor> watcher)
    {
        var magnitudes = _constants.ToDictionary(pair => pair.Key, pair => pair.Value.abs());
        magnitudes[_graph.Inputs[0].Output.Id] = input.to(_type).abs();
        return Run(
            input, (node, x, quantized) => watcher(node, x, magnitudes[node.Inputs[0].Id], quantized), (node, read, made) =>
            {
                foreach (var (value, magnitude) in node.Outputs.Zip(
                    Magnitudes.Of(node, read, [.. node.Inputs.Select(input => magnitudes[input.Id])], made)))
                {
                    magnitudes[value.Id] = magnitude;
                }
            });
    }

    public void Dispose()
    {
        foreach (var constant in _constants.Values)
        {
            constant.Dispose();
        }
    }

    private Tensor Run(
        Tensor input, Func<GraphNode, Tensor, Tensor, Tensor> watcher, Action<GraphNode, Tensor[], IReadOnlyList<Tensor>> computed)
    {
        var values = new Dictionary<int, Tensor>(_constants) { [_graph.Inputs[0].Output.Id] = input.to(_type) };
        foreach (var node in _graph.Nodes.Where(node => node.Operator is not (InputOperator or OutputOperator or ConstantOperator)
            && !node.Outputs.All(value => _constants.ContainsKey(value.Id))))
        {
            Tensor[] read = [.. node.Inputs.Select(value => values[value.Id])];
            var resized = Resized(node, read);
            IReadOnlyList<Tensor> made = node.Operator is QuantizeOperator quantizer
                ? [watcher(node, read[0], Quantized(quantizer, read[0]))]
                : TorchOperators.Compute(resized, read);
            computed(resized, read, made);
            foreach (var (value, tensor) in node.Outputs.Zip(made))
            {
                values[value.Id] = tensor;
            }
        }

        return values[_graph.Outputs[0].Inputs[0].Id];
    }

    /// <summary>The node with the shapes that this batch has.</summary>
    private static GraphNode Resized(GraphNode node, Tensor[] read)
    {
        var shapes = node.Operator.InferShapes([.. read.Select(tensor => new Shape(tensor.shape))]);
        return node with
        {
            Inputs = [.. node.Inputs.Zip(read, (value, tensor) => value with { Shape = new(tensor.shape) })],
            Outputs = [.. node.Outputs.Zip(shapes, (value, shape) => value with { Shape = shape })],
        };
    }

    private Tensor Quantized(QuantizeOperator quantizer, Tensor x)
    {
        var (scale, offset) = (Along(quantizer.Scales), Along(quantizer.Offsets));
        return x.div(scale).sub_(offset).round_().Clamp(quantizer.LowestCode, quantizer.HighestCode).Add(offset).mul_(scale);

        Tensor Along(EquatableList<double> numbers)
        {
            var sizes = x.shape.Select((_, axis) => axis == quantizer.Axis ? (long)numbers.Count : 1L).ToArray();
            return tensor(numbers.ToArray(), dtype: ScalarType.Float64).reshape(sizes).to(_type);
        }
    }

    private static GraphTensor Numbers(Tensor values)
    {
        using var wide = values.to(ScalarType.Float64);
        return GraphTensor.Of(new Shape(values.shape), wide.data<double>().ToArray());
    }
}
