using System.Collections.Generic;

namespace TorchSharp.Modules;

/// <summary>Parameters that share their options.</summary>
/// <remarks>The sequence is kept as given and walked anew at every step, as TorchSharp does.</remarks>
public class ParamGroup : torch.optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; }

    public OptimizerOptions Options { get; set; }

    public double LearningRate
    {
        get => Options.LearningRate.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}
