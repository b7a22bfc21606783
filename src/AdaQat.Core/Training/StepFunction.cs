namespace AdaQat.Training;

/// <summary>A step function of the user's own: training and evaluation are one forward.</summary>
internal sealed class StepFunction<TBatch>(Func<TBatch, BatchResult> step) : IBatchTask<TBatch>
{
    public Func<BatchResult> Begin(TBatch batch) => () => step(batch);

    public BatchResult Evaluate(TBatch batch) => step(batch);
}
