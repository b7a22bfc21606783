using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>One input, one output, one target; a teacher's share in the loss where there is a teacher.</summary>
internal sealed class SupervisedTask(
    nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, Func<Tensor, Tensor, double> countCorrect,
    Distillation? distillation) : IBatchTask<Batch>
{
    /// <summary>The teacher is asked once, however many probes there are; what it says is the step's dispose scope's.</summary>
    public Func<BatchResult> Begin(Batch batch)
    {
        var taught = distillation?.Teach(batch.Input);
        return () => Forward(batch, taught, "the training batch");
    }

    public BatchResult Evaluate(Batch batch) => Forward(batch, taught: null, "the batch to evaluate");

    private BatchResult Forward(Batch batch, Tensor? taught, string which)
    {
        var output = ToldFailures.Output(model, batch, which);
        var task = ToldFailures.Loss(loss, output, batch, which);
        var whole = taught is null ? task : distillation!.Loss(task, output, taught);
        return new BatchResult(whole, batch.Size, () => ToldFailures.Count(countCorrect, output, batch, which));
    }
}
