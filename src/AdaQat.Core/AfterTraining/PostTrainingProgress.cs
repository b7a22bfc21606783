namespace AdaQat;

/// <summary>How far post-training quantization is.</summary>
/// <param name="Step">The name of the step under way.</param>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Steps">How many there are.</param>
/// <param name="Share">How much of it is done, 0 to 1.</param>
public readonly record struct PostTrainingProgress(string Step, int Index, int Steps, double Share);
