using System.Globalization;
using System.Text;

namespace AdaQat.Graph;

/// <summary>Writes a graph as a flowchart of Mermaid.</summary>
internal sealed class MermaidText
{
    private readonly ModelGraph _graph;
    private readonly Dictionary<object, int> _numbers;
    private readonly HashSet<int> _parameters = [];
    private readonly StringBuilder _text = new("flowchart TD\n");
    private int _frames;

    public MermaidText(ModelGraph graph)
    {
        _graph = graph;
        foreach (var node in graph.Nodes.Where(node => node.Operator is not InputOperator
            && node.Inputs.All(input => _parameters.Contains(input.Id))))
        {
            _parameters.UnionWith(node.Outputs.Select(output => output.Id));
        }

        var drawn = graph.Nodes.Where(IsDrawn).ToList();
        _numbers = drawn.Index().ToDictionary(node => (object)node.Item, node => node.Index, ReferenceEqualityComparer.Instance);
        WriteFrame(ModuleTree.Of(drawn), depth: 1);
        foreach (var node in drawn)
        {
            WriteArrows(node);
        }
    }

    public override string ToString() => _text.ToString();

    /// <summary>Quantizers are arrows, parameters parts of a box; what is left is a box.</summary>
    private bool IsDrawn(GraphNode node) => node.Operator is not QuantizeOperator
        && (node.Outputs.Count == 0 || !node.Outputs.All(output => _parameters.Contains(output.Id)));

    private void WriteFrame(ModuleTree tree, int depth)
    {
        foreach (var node in tree.Nodes)
        {
            var (open, close) = node.Operator switch
            {
                InputOperator or OutputOperator => ("([", "])"),
                ElementwiseOperator or ConcatOperator => ("{{", "}}"),
                _ => ("[", "]"),
            };
            Line(depth, $"n{_numbers[node]}{open}\"{Escape(Label(node, tree.Module))}\"{close}");
        }

        foreach (var child in tree.Children)
        {
            Line(depth, $"subgraph m{_frames++}[\"{Escape(child.Module)}\"]");
            WriteFrame(child, depth + 1);
            Line(depth, "end");
        }
    }

    private void WriteArrows(GraphNode node)
    {
        foreach (var input in node.Inputs.Where(input => !_parameters.Contains(input.Id)))
        {
            var (source, bits) = Source(input);
            var width = bits.Count == 0 ? "" : $"{string.Join(" → ", bits)} bit · ";
            Line(1, $"n{_numbers[_graph.Producer(source)]} -->|\"{width}{Sizes(source.Shape)}\"| n{_numbers[node]}");
        }
    }

    /// <summary>Back through quantizers: the value before them, and the bits of each, first one first.</summary>
    private (GraphValue Value, List<int> Bits) Source(GraphValue value)
    {
        var bits = new List<int>();
        while (_graph.Producer(value) is { Operator: QuantizeOperator quantize } quantizer)
        {
            bits.Insert(0, quantize.Bits);
            value = quantizer.Inputs[0];
        }

        return (value, bits);
    }

    private string Label(GraphNode node, string frame)
    {
        var what = node.Operator switch
        {
            InputOperator or OutputOperator => node.Name,
            ConvolutionOperator or TransposedConvolutionOperator =>
                $"{node.Operator.Name} {Sizes([.. node.Inputs[1].Shape.Skip(2)])}{Strides(node.Operator)}<br/>{Channels(node)}",
            LinearOperator => $"linear<br/>{Channels(node)}",
            MaxPoolOperator or AveragePoolOperator => $"{node.Operator.Name} {Sizes([.. ((PoolOperator)node.Operator).Kernel])}",
            _ => node.Operator.Name,
        };
        var parameters = node.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator or BatchNormOperator
            ? WeightBits(node)
            : string.Concat(node.Inputs.Where(input => _parameters.Contains(input.Id)).Select(input => $" {Parameter(input)}"));
        var module = Within(node.Module, frame);
        return what + parameters + (module.Length == 0 || module == what ? "" : $"<br/>{module}");
    }

    private static string Channels(GraphNode node)
    {
        // The axis of the image's channels, or a row's features.
        var axis = node.Operator is LinearOperator ? ^1 : 1;
        return $"{node.Inputs[0].Shape.ElementAt(axis)} → {node.Outputs[0].Shape.ElementAt(axis)}";
    }

    private static string Strides(GraphOperator convolution)
    {
        var strides = (convolution as ConvolutionOperator)?.Stride ?? ((TransposedConvolutionOperator)convolution).Stride;
        return strides.All(stride => stride == 1) ? "" : $", stride {Sizes([.. strides.Distinct()])}";
    }

    private string WeightBits(GraphNode node) => _graph.Producer(node.Inputs[1]).Operator is QuantizeOperator quantize
        ? string.Create(CultureInfo.InvariantCulture, $"<br/>weights {quantize.Bits} bit") : "";

    private string Parameter(GraphValue value) => _graph.Constant(Source(value).Value) switch
    {
        { Shape.Rank: 0 } number => number.ToString(),
        not null => _graph.Producer(Source(value).Value).Name,
        null => value.ToString(),
    };

    private static string Within(string module, string frame) =>
        module == frame ? "" : frame.Length == 0 ? module : module[(frame.Length + 1)..];

    private static string Sizes(Shape shape) => string.Join('×', shape.AsSpan().ToArray());

    private static string Escape(string label) => label.Replace("\"", "#quot;", StringComparison.Ordinal);

    private void Line(int depth, string line) => _text.Append(' ', 2 * depth).Append(line).Append('\n');
}
