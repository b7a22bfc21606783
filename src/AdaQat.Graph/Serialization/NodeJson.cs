using System.Globalization;
using System.Text.Json;

namespace AdaQat.Graph;

/// <summary>A node in a document.</summary>
internal static class NodeJson
{
    public static void Write(Utf8JsonWriter writer, GraphNode node)
    {
        writer.WriteStartObject();
        writer.WriteString("name", node.Name);
        writer.WriteString("module", node.Module);
        writer.WriteString("operator", node.Operator.Name);
        writer.WriteStartObject("attributes");
        foreach (var attribute in node.Operator.Attributes)
        {
            writer.WritePropertyName(attribute.Name);
            WriteValue(writer, attribute.Value);
        }

        writer.WriteEndObject();
        WriteList(writer, "inputs", node.Inputs, input => writer.WriteNumberValue(input.Id));
        WriteList(writer, "outputs", node.Outputs, output => writer.WriteNumberValue(output.Id));
        writer.WriteEndObject();
    }

    /// <summary>Shapes follow from the operators: a document doesn't say them, so that it can't say them wrongly.</summary>
    public static ModelGraph ReadAll(string name, IEnumerable<JsonElement> elements)
    {
        var values = new Dictionary<int, GraphValue>();
        var nodes = new List<GraphNode>();
        foreach (var (place, element) in elements.Index())
        {
            var fields = new AttributeReader(element, TensorJson.Read);
            string? nodeName = null;
            try
            {
                nodeName = fields.Text("name");
                nodes.Add(Read(nodeName, fields, values));
            }
            catch (GraphException fault)
            {
                throw fault.At(nodeName ?? string.Create(CultureInfo.InvariantCulture, $"number {place}"));
            }
        }

        return new(name, nodes);
    }

    private static GraphNode Read(string name, AttributeReader fields, Dictionary<int, GraphValue> values)
    {
        var module = fields.Text("module");
        var graphOperator = OperatorCatalog.Read(fields.Text("operator"), fields.Object("attributes"));
        EquatableList<GraphValue> inputs =
        [
            .. fields.Longs("inputs").Select(id => values.TryGetValue((int)Math.Clamp(id, -1, int.MaxValue), out var value) ? value
                : throw new GraphException($"it reads %{id}, which no node before it makes.")),
        ];
        var ids = fields.Longs("outputs");
        fields.Finish();
        var shapes = graphOperator.InferShapes([.. inputs.Select(input => input.Shape)]);
        if (shapes.Count != ids.Count)
        {
            throw new GraphException($"it has {ids.Count} outputs; its operator '{graphOperator.Name}' makes {shapes.Count}.");
        }

        EquatableList<GraphValue> outputs = [.. ids.Zip(shapes, (id, shape) => new GraphValue(Id(id), shape))];
        foreach (var output in outputs)
        {
            _ = values.TryAdd(output.Id, output) ? output : throw new GraphException($"it makes {output}, which another node makes too.");
        }

        return new(name, graphOperator, inputs, outputs, module);
    }

    private static int Id(long id) => id is >= 0 and <= int.MaxValue ? (int)id : throw new GraphException(
        $"the number of an output is {id}; allowed are 0 to {int.MaxValue}.");

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                WriteDouble(writer, number);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case Enum choice:
                writer.WriteStringValue(choice.ToString());
                break;
            case GraphTensor tensor:
                TensorJson.Write(writer, tensor);
                break;
            case IEnumerable<long> numbers:
                WriteItems(writer, numbers, writer.WriteNumberValue);
                break;
            case IEnumerable<double> numbers:
                WriteItems(writer, numbers, number => WriteDouble(writer, number));
                break;
            case IEnumerable<SizeExpression> sizes:
                WriteItems(writer, sizes, size => writer.WriteStringValue(size.ToString()));
                break;
            default:
                throw new InvalidOperationException($"An attribute of type {value.GetType()} has no form in JSON.");
        }
    }

    /// <summary>JSON has no infinities: they are texts.</summary>
    private static void WriteDouble(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WritePropertyName(name);
        WriteItems(writer, items, write);
    }

    private static void WriteItems<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }
}
