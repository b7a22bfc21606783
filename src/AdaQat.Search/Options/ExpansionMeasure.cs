namespace AdaQat.Search;

/// <summary>What of a layer's widest candidate is held beside T.</summary>
public enum ExpansionMeasure
{
    /// <summary>softmax(α), 0 to 1: how much it is preferred among the layer's candidates.</summary>
    Preference,

    /// <summary>α itself, any number: it begins near 0, and says nothing of the layer's other candidates.</summary>
    Alpha,
}
