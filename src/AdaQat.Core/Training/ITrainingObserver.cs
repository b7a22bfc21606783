namespace AdaQat.Training;

/// <summary>
/// Follows a run of <see cref="AdaQatTrainer{TBatch}"/>: a display, a history, a report. Each member does nothing by itself.
/// </summary>
/// <remarks>
/// Given in <see cref="TrainerOptions.Observers"/>; called on the thread that trains, between the steps but for warnings, which come up in
/// the middle of one. What one throws ends the run as an exception of the step would, and the checkpoint stays.
/// </remarks>
public interface ITrainingObserver
{
    /// <summary>The run begins, or goes on.</summary>
    /// <param name="plan">What lies ahead.</param>
    void OnStart(TrainingPlan plan)
    {
    }

    /// <summary>A step is done.</summary>
    /// <param name="report">What it did.</param>
    void OnStep(TrainingStep report)
    {
    }

    /// <summary>An epoch is done and evaluated; its checkpoint is not written yet.</summary>
    /// <param name="epoch">What it came to.</param>
    void OnEpoch(TrainingEpoch epoch)
    {
    }

    /// <summary>
    /// Something that training does silently otherwise. Comes within a step, whose dispose scope takes tensors made here.
    /// </summary>
    /// <param name="warning">What was seen.</param>
    void OnWarning(QuantizationWarning warning)
    {
    }

    /// <summary>The call of <c>Fit</c> ends, be it done, interrupted or failed. Called once for each <see cref="OnStart"/>.</summary>
    void OnEnd()
    {
    }
}
