using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A whole graph, translated node by node.</summary>
internal sealed class GraphTranslation
{
    private const string BatchName = "batch";
    private readonly ModelGraph _graph;
    private readonly OtherBatch _other;
    private readonly IStoredValues _stored;
    private readonly IQuantizerWriter _quantizers;
    private readonly ModelParts _parts = new();
    private readonly ValueNames _values;
    private readonly Dictionary<int, string> _outputNames = [];

    public GraphTranslation(ModelGraph graph, OtherBatch other, IStoredValues stored, IQuantizerWriter quantizers)
    {
        (_graph, _other, _stored, _quantizers) = (graph, other, stored, quantizers);
        _values = new(graph, _parts, stored);
    }

    /// <summary>By quantizer, the value that has its codes, its type, and what is added to each code.</summary>
    public IReadOnlyDictionary<string, (string Value, OnnxElement Type, long Shift)> Codes => _parts.Codes;

    public OnnxModel Run(OnnxOptions options)
    {
        var opset = options.Opset;
        NameInputsAndOutputs();
        foreach (var node in _graph.Nodes)
        {
            if (node.Operator is OutputOperator)
            {
                Finish(node);
            }
            else if (node.Operator is not InputOperator && !_stored.Holds(_graph, node.Outputs[0]))
            {
                Translate(node);
            }
        }

        if (opset < _parts.Needed.Opset)
        {
            throw new OnnxExportException(
                $"The opset is {opset}; allowed is {_parts.Needed.Opset} and more, which {_parts.Needed.Why} needs.");
        }

        return new(
            _graph.Name, opset ?? _parts.Needed.Opset, _parts.Nodes, _parts.Constants,
            [.. _graph.Inputs.Select(node => Value(node.Name, node.Output, IsOfRows(node) ? OnnxElement.Int64 : OnnxElement.Float))],
            [
                .. _graph.Outputs.Select(node => Value(node.Name, node.Inputs[0], OnnxElement.Float)),
                .. options.CodeOutputs ? CodeValues() : [],
            ],
            options.Metadata);
    }

    private IEnumerable<OnnxValue> CodeValues() => _graph.Nodes.Where(node => _parts.Codes.ContainsKey(node.Name)).Select(
        node => Value(_parts.Codes[node.Name].Value, node.Output, _parts.Codes[node.Name].Type));

    /// <summary>Inputs and outputs have the graph's names, whatever else is there.</summary>
    private void NameInputsAndOutputs()
    {
        foreach (var node in _graph.Inputs)
        {
            _values.Set(node.Output, _parts.Unique(node.Name));
        }

        foreach (var node in _graph.Outputs)
        {
            var name = _parts.Unique(node.Name);
            var made = _graph.Producer(node.Inputs[0]);
            if (made.Operator is not InputOperator && !_stored.Holds(_graph, node.Inputs[0]))
            {
                // A value that is handed out twice has the first output's name.
                _outputNames.TryAdd(node.Inputs[0].Id, name);
            }
        }
    }

    private void Translate(GraphNode node)
    {
        var first = _parts.Nodes.Count;
        var scope = new OperatorScope(_graph, node, _parts, _other, _values);
        var results = OperatorTranslation.Of(scope, _quantizers);
        var made = _parts.Nodes.Skip(first).SelectMany(part => part.Outputs).ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var ((value, result), place) in node.Outputs.Zip(results).Select((pair, place) => (pair, place)))
        {
            // What is handed on as it is keeps its name, but for an output, which has one of its own.
            var isMade = made.Contains(result);
            var wanted = _outputNames.GetValueOrDefault(value.Id);
            var name = !isMade && wanted is null ? result
                : wanted ?? _parts.Unique(results.Count == 1 ? node.Name : $"{node.Name}:{place}");
            if (isMade)
            {
                names[result] = name;
            }
            else if (wanted is not null)
            {
                _parts.Add(new OnnxNode("Identity", _parts.Unique($"{name}/Identity"), [result], [name], []));
            }

            _values.Set(value, name);
        }

        _parts.Rename(first, names);
    }

    /// <summary>An output that no node could be given the name of is a copy.</summary>
    private void Finish(GraphNode output)
    {
        var value = _values.Of(output.Inputs[0]);
        if (value != output.Name)
        {
            _parts.Add(new OnnxNode("Identity", _parts.Unique($"{output.Name}/Identity"), [value], [output.Name], []));
        }
    }

    /// <summary>Whether only embeddings read an input, whose numbers of rows are whole.</summary>
    private bool IsOfRows(GraphNode input) => _graph.Consumers(input.Output) is { Count: > 0 } readers && readers.All(
        reader => reader.Operator is EmbeddingOperator && reader.Inputs[1].Id != input.Output.Id);

    private OnnxValue Value(string name, GraphValue value, OnnxElement type)
    {
        var (shape, other) = (value.Shape, _other.ShapeOf(value));
        return new(name, type, [.. shape.Select((size, axis) => new OnnxSize(size, other[axis] == size ? null
            : axis == 0 ? BatchName : $"{name}_axis_{axis}"))]);
    }
}
