using AdaQat.Probing;

namespace AdaQat.Tests.Support;

/// <summary>Forwards that tests of scripted losses only pretend.</summary>
internal static class Forwards
{
    /// <summary>Tells the optimizer of the widths what a training forward would.</summary>
    public static void Pretend(QuantizedModel model)
    {
        var observer = ProbeObserver.Of(model);
        observer.Begin(isTraining: true, model.IsQuantizing, isLearnedFrom: true);
        observer.Loop.LayerRan();
        observer.End();
    }

    /// <summary>A step with a loss of a test's own, behind a forward that is pretended.</summary>
    public static BitWidthStep PretendStep(this BitWidthOptimizer optimizer, torch.Tensor loss, Func<torch.Tensor> closure)
    {
        Pretend(optimizer.Model);
        return optimizer.Step(loss, closure);
    }
}
