namespace AdaQat.Search;

/// <summary>What a search came to.</summary>
/// <param name="Plan">The preferred channels of each layer.</param>
/// <param name="Macs">Multiply-accumulate operations of a sample with them.</param>
/// <param name="Parameters">The model's parameters with them.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="IsComplete">Whether it was not interrupted.</param>
/// <param name="History">Its epochs.</param>
public sealed record ChannelSearchResult(
    ChannelPlan Plan, double Macs, double Parameters, int Steps, bool IsComplete, IReadOnlyList<SearchEpoch> History)
{
    /// <summary>
    /// The history as CSV: a line for each epoch, and for each layer its preferred channels, its widest candidate and the preference for
    /// that.
    /// </summary>
    public string HistoryCsv() => SearchHistory.Csv(History);
}
