namespace AdaQat.Search;

/// <summary>Where the α of a candidate begins that a layer has grown by. The layer's other α stay as they are.</summary>
public enum NewAlpha
{
    /// <summary>At that of the widest candidate before it, so that both have the same preference.</summary>
    AsWidest,

    /// <summary>Where its preference, softmax(α), is an even share: 1 of n candidates, itself among them.</summary>
    Even,
}
