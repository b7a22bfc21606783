namespace AdaQat;

/// <summary>How far a correction is that goes layer by layer.</summary>
/// <param name="Layer">The layer that it is at.</param>
/// <param name="Number">The how-manieth that is, from 1.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Iteration">How many iterations of this layer are done.</param>
/// <param name="Iterations">How many it takes; 1 where there is nothing to iterate.</param>
/// <param name="Objective">What is made small, as it is now; null where there is no such number.</param>
public sealed record CorrectionProgress(
    string Layer, int Number, int Count, int Iteration = 1, int Iterations = 1, double? Objective = null);
