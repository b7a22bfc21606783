namespace AdaQat.Search;

/// <summary>How what is new begins where a layer has grown. What the layer had goes on as it is.</summary>
public enum NewChannels
{
    /// <summary>
    /// Weights as the builder makes them; the first channels of the new candidate's batch normalisation as the widest before it has them,
    /// the others as the builder makes them.
    /// </summary>
    AsBuilt,

    /// <summary>Weights and all of the new candidate's batch normalisation as the builder makes them.</summary>
    FreshNorms,

    /// <summary>
    /// Outputs, and their batch normalisation, repeat the layer's own from the first on, as in Net2WiderNet (arXiv 1511.05641); what reads
    /// them begins as the builder makes it, so that copies part.
    /// </summary>
    Repeated,
}
