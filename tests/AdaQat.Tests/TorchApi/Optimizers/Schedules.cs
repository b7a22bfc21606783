using TorchSharp.Modules;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>Makes the schedules of the fixtures by their names.</summary>
internal static class Schedules
{
    /// <summary>The optimizer of the fixture's schedule: two groups with rates 0.1 and 0.02, except for one-cycle schedules.</summary>
    public static OptimizerHelper OptimizerFor(string name, Descent problem)
    {
        if (name == "one cycle, betas") return torch.optim.Adam(problem.Parameters, 0.1);
        if (name.StartsWith("one cycle", StringComparison.Ordinal)) return torch.optim.SGD(problem.Parameters, 0.1, momentum: 0.9);

        SGD.ParamGroup[] groups =
        [
            new() { Parameters = [problem.Matrix] },
            new() { Parameters = [problem.Vector, problem.Unused], Options = new SGD.Options { LearningRate = 0.02 } },
        ];
        return torch.optim.SGD(groups, 0.1, momentum: 0.9);
    }

    public static LRScheduler Make(string name, Optimizer o) => name switch
    {
        "step" or "step to epochs" => StepLR(o, 3, 0.5),
        "multi-step" or "multi-step to epochs" => MultiStepLR(o, [2, 5, 9], 0.1),
        "exponential" or "exponential to epochs" => ExponentialLR(o, 0.9),
        "constant" or "constant to epochs" => ConstantLR(o, 0.25, 4),
        "constant by default" => ConstantLR(o),
        "linear" or "linear to epochs" => LinearLR(o, 0.1, 0.8, 6),
        "linear by default" => LinearLR(o),
        "polynomial" => PolynomialLR(o, 8, 2.5),
        "polynomial to epochs" => PolynomialLR(o, 8, 2),
        "polynomial by default" => PolynomialLR(o),
        "cosine" => CosineAnnealingLR(o, 13),
        "cosine to epochs" => CosineAnnealingLR(o, 13, 0.001),
        "cosine up and down" => CosineAnnealingLR(o, 5, 0.001),
        "lambda" => LambdaLR(o, epoch => Math.Pow(0.8, epoch) + 0.1),
        "multiplicative" => MultiplicativeLR(o, epoch => 1 - 0.05 * epoch),
        "chained" => ChainedLR([ConstantLR(o, 0.5, 4), ExponentialLR(o, 0.9)]),
        "warm-up, then cosine" => SequentialLR(o, [LinearLR(o, 0.1, 1, 4), CosineAnnealingLR(o, 9)], [4]),
        "three in sequence" => SequentialLR(o, [ConstantLR(o, 0.5, 2), ExponentialLR(o, 0.9), StepLR(o, 2, 0.1)], [3, 8]),
        "cyclic" => CyclicLR(o, 0.01, 0.1, 3, 5, cycle_momentum: false),
        "cyclic, halving" => CyclicLR(o, 0.01, 0.1, 4, mode: impl.CyclicLR.Mode.Triangular2, cycle_momentum: false),
        "cyclic, own scale" => CyclicLR(
            o,
            0.01,
            0.1,
            4,
            scale_fn: step => Math.Pow(0.95, step),
            scale_mode: impl.CyclicLR.ScaleMode.Iterations,
            cycle_momentum: false),
        "one cycle" => OneCycleLR(o, 0.5, total_steps: 14),
        "one cycle, betas" => OneCycleLR(o, 0.5, total_steps: 14, base_momentum: 0.8, max_momentum: 0.9),
        "one cycle, three phases, linear" => OneCycleLR(
            o,
            0.5,
            epochs: 2,
            steps_per_epoch: 7,
            anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear,
            three_phase: true,
            div_factor: 10,
            final_div_factor: 100),
        "plateau" => ReduceLROnPlateau(o, factor: 0.5, patience: 2, cooldown: 1),
        "plateau of a maximum" => ReduceLROnPlateau(
            o, mode: "max", factor: 0.1, patience: 1, threshold: 0.1, threshold_mode: "abs", min_lr: [0.001, 0.005]),
        _ => throw new InvalidDataException($"The fixtures have an unknown schedule '{name}'."),
    };

    /// <summary>The epochs that the fixtures of closed forms step to.</summary>
    public static int[] Epochs(string name) => name switch
    {
        "step to epochs" => [1, 3, 10, 6],
        "multi-step to epochs" => [1, 2, 10, 5],
        "exponential to epochs" => [1, 7, 3],
        "constant to epochs" => [1, 4, 3, 9],
        "linear to epochs" => [1, 6, 3, 20],
        "polynomial to epochs" => [1, 8, 3, 20],
        "cosine to epochs" => [1, 13, 6, 20],
        _ => [],
    };
}
