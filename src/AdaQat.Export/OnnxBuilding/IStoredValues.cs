using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>How values that are known before a graph runs are stored in a model.</summary>
internal interface IStoredValues
{
    /// <summary>Whether a value is known before the graph runs.</summary>
    bool Holds(ModelGraph graph, GraphValue value);

    /// <summary>Writes such a value, a matrix the other way round if that is asked for.</summary>
    /// <returns>The name that it is read by.</returns>
    string Write(ModelGraph graph, GraphValue value, bool transposed, ModelParts parts);
}
