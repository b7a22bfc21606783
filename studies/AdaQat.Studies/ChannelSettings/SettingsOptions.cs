namespace AdaQat.Studies.ChannelSettings;

/// <summary>How often each setting of a search is tried.</summary>
public sealed record SettingsOptions
{
    /// <summary>Seeds from 1.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Epochs of each search.</summary>
    public int SearchEpochs { get; init; } = 6;

    /// <summary>Epochs of each training anew.</summary>
    public int RetrainEpochs { get; init; } = 8;

    /// <summary>The name of the one setting to try; null for all, and for the networks that a search could have found.</summary>
    public string? Setting { get; init; }

    public int Threads { get; init; } = 1;
}
