namespace Samples.Cifar10;

/// <summary>What a run trains and is measured on.</summary>
/// <param name="Name">For people and for <c>run.json</c>.</param>
/// <param name="Train">The images to learn from.</param>
/// <param name="Test">The images that measure.</param>
/// <param name="Normalization">What makes the training pixels zero-mean and unit-variance, channel by channel.</param>
public sealed record ImageDataset(string Name, ImageSet Train, ImageSet Test, ChannelNormalization Normalization);
