namespace AdaQat;

/// <summary>How far an analysis is.</summary>
/// <param name="Done">Forwards that are done, of this and of earlier runs.</param>
/// <param name="Total">Forwards in all.</param>
/// <param name="Layer">The layer that was changed last.</param>
/// <param name="Target">Its weight, or its input.</param>
/// <param name="Batch">The batch, from 1.</param>
public sealed record SensitivityProgress(long Done, long Total, string Layer, QuantizerTarget Target, int Batch);
