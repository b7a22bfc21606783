namespace AdaQat.Training;

/// <summary>How a batch becomes a loss.</summary>
/// <typeparam name="TBatch">The batch.</typeparam>
internal interface IBatchTask<in TBatch>
{
    /// <summary>Does once what a step and its probes share, and returns the forward that all of them make.</summary>
    Func<BatchResult> Begin(TBatch batch);

    /// <summary>A forward to measure the model by.</summary>
    BatchResult Evaluate(TBatch batch);
}
