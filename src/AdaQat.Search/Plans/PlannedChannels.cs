namespace AdaQat.Search;

/// <summary>How many channels one layer gets.</summary>
/// <param name="Layer">The name under which the builder asks for it.</param>
/// <param name="Channels">Its output channels, or the features of a linear layer: at least 1.</param>
/// <param name="Default">What the builder takes without a plan: at least 1.</param>
/// <param name="Origin">Where the number comes from.</param>
/// <param name="Note">More of that in words, such as the reason why a layer was left alone; null for nothing to say.</param>
public sealed record PlannedChannels(
    string Layer, int Channels, int Default, ChannelOrigin Origin = ChannelOrigin.Given, string? Note = null)
{
    /// <summary>Checks name and numbers.</summary>
    /// <exception cref="ArgumentException">The name is empty, or a number is below 1.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Layer))
        {
            throw new ArgumentException("A layer of the plan has an empty name; give the one that the builder asks for.", nameof(Layer));
        }

        if (Channels < 1 || Default < 1)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The plan has {Channels} channels for '{Layer}', {Default} by default; allowed are 1 and more."), nameof(Channels));
        }

        if (!Enum.IsDefined(Origin))
        {
            throw new ArgumentException($"The origin of '{Layer}' is {(int)Origin}, which is none.", nameof(Origin));
        }
    }
}
