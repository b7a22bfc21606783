namespace Samples.Cifar10;

/// <summary>Which images a program asks for.</summary>
/// <param name="Folder">CIFAR-10's binary files; null for the cache, a download or procedural images.</param>
/// <param name="TrainImages">How many of the training images are used, from the first on; null for all.</param>
/// <param name="TestImages">The same for the test images.</param>
/// <param name="BatchSize">There must be at least one batch.</param>
/// <param name="Recorded">The set that a run was started on, and must go on with; null for a new run.</param>
public sealed record DataRequest(string? Folder, int? TrainImages, int? TestImages, int BatchSize, string? Recorded = null);
