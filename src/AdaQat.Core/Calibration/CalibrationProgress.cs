namespace AdaQat;

/// <summary>How far a calibration is.</summary>
/// <param name="Batches">Batches that are done.</param>
/// <param name="Total">How many there are; null where that shows only at the end.</param>
public readonly record struct CalibrationProgress(int Batches, int? Total);
