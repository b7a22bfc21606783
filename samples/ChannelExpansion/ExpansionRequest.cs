namespace ChannelExpansion;

/// <summary>A good command line.</summary>
/// <param name="Options">What it asks for.</param>
/// <param name="Given">The options that it names.</param>
public sealed record ExpansionRequest(ExpansionOptions Options, IReadOnlyList<string> Given);
