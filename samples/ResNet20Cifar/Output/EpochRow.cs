namespace ResNet20Cifar.Output;

/// <summary>What an epoch leaves in the history.</summary>
/// <param name="Step">The last step of it.</param>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">The mean of its training losses.</param>
/// <param name="Widths">At its end; null where nothing is quantized.</param>
/// <param name="TrainAccuracy">The share of its training images that were classified right while it ran.</param>
/// <param name="TestAccuracy">The share of the test images classified right at its end.</param>
public sealed record EpochRow(long Step, int Epoch, double Loss, WidthReading? Widths, double TrainAccuracy, double TestAccuracy);
