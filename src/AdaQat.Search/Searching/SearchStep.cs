namespace AdaQat.Search;

/// <summary>A step of a search: one of the weights, and one of α.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole search.</param>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Loss">The loss of the weights' batch.</param>
/// <param name="ChannelLoss">The loss of α's batch without those of costs; null where there is nothing to choose.</param>
/// <param name="Temperature">τ.</param>
/// <param name="Groups">Where the channels stand.</param>
public sealed record SearchStep(
    int Step, int Steps, int Epoch, double Loss, double? ChannelLoss, double Temperature, IReadOnlyList<GroupReading> Groups);
