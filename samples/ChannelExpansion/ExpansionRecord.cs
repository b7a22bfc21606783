using AdaQat.Search;

namespace ChannelExpansion;

/// <summary>The outcome of a run, as <c>run.json</c> holds it.</summary>
/// <param name="TestAccuracy">The share of the test images classified right after training anew.</param>
/// <param name="Macs">Multiplications of an image.</param>
/// <param name="TargetMacs">Their limit; null without one.</param>
/// <param name="Parameters">The model's parameters.</param>
/// <param name="TargetParameters">Their limit; null without one.</param>
/// <param name="SearchedMacs">Multiplications of the network that the search preferred; null without a search.</param>
/// <param name="Steps">Steps of the training anew.</param>
/// <param name="Seconds">Time of this start of the process.</param>
/// <param name="Dataset">What it trained on.</param>
/// <param name="TorchVersion">Libtorch's.</param>
/// <param name="Channels">The plan's layers.</param>
/// <param name="Options">What was asked for.</param>
public sealed record ExpansionRecord(
    double TestAccuracy, double Macs, double? TargetMacs, double Parameters, double? TargetParameters, double? SearchedMacs, long Steps,
    double Seconds, string Dataset, string TorchVersion, IReadOnlyList<PlannedChannels> Channels, ExpansionOptions Options);
