using System.Text;
using System.Text.Json;

namespace AdaQat.Graph;

/// <summary>
/// Graphs as JSON documents, which read back exactly: constants are written bit by bit, in base64, which takes 4 characters for 3 bytes: 5⅓
/// for a 32-bit number, 10⅔ for one of 64 bits. A document has up to 2 GB.
/// </summary>
public static class GraphJson
{
    private const string Format = "adaqat-graph";
    private const long Version = 1;

    extension(ModelGraph graph)
    {
        /// <summary>The graph as a JSON document.</summary>
        /// <returns>The document.</returns>
        public string ToJson()
        {
            using var stream = new MemoryStream();
            graph.WriteJson(stream);
            return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        }

        /// <summary>Writes the graph as a JSON document.</summary>
        /// <param name="stream">Where to; it stays open.</param>
        public void WriteJson(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(stream);
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });
            Write(writer, graph);
        }

        /// <summary>Reads a graph from a JSON document.</summary>
        /// <param name="json">The document.</param>
        /// <returns>The graph.</returns>
        /// <exception cref="GraphException">
        /// It is no JSON, another document, one of a later version, or damaged; the message says where.
        /// </exception>
        public static ModelGraph FromJson(string json)
        {
            ArgumentNullException.ThrowIfNull(json);
            return Parse(() => JsonDocument.Parse(json, Strict));
        }

        /// <summary>Reads a graph from a JSON document.</summary>
        /// <param name="stream">Where from, to its end; it stays open.</param>
        /// <returns>The graph.</returns>
        /// <exception cref="GraphException">
        /// It is no JSON, another document, one of a later version, or damaged; the message says where.
        /// </exception>
        public static ModelGraph ReadJson(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(stream);
            return Parse(() => JsonDocument.Parse(stream, Strict));
        }
    }

    private static JsonDocumentOptions Strict => new() { AllowDuplicateProperties = false };

    private static void Write(Utf8JsonWriter writer, ModelGraph graph)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", Version);
        writer.WriteString("name", graph.Name);
        writer.WriteStartArray("nodes");
        foreach (var node in graph.Nodes)
        {
            NodeJson.Write(writer, node);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ModelGraph Parse(Func<JsonDocument> parse)
    {
        JsonDocument document;
        try
        {
            document = parse();
        }
        catch (JsonException fault)
        {
            throw new GraphException($"The document is no JSON: {fault.Message}", fault);
        }

        using (document)
        {
            return Read(document.RootElement);
        }
    }

    private static ModelGraph Read(JsonElement root)
    {
        var fields = new AttributeReader(root, TensorJson.Read);
        if (fields.Text("format") is var format && format != Format)
        {
            throw new GraphException($"The document's format is '{format}'; allowed is '{Format}'.");
        }

        if (fields.Long("version") is var version && version != Version)
        {
            throw new GraphException($"The document's version is {version}; allowed is {Version}, the one that this library writes.");
        }

        var name = fields.Text("name");
        var nodes = fields.List("nodes", "a list of nodes", node => (true, node));
        fields.Finish();
        return NodeJson.ReadAll(name, nodes);
    }
}
