using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.AdaptiveRounding;

/// <summary>
/// AdaRound's problem of one layer (arXiv 2004.10568): with Ŵ = s·(clip(⌊W/s⌋ + h(V)) − z), make ‖g(f(x, W)) − g(f(x̂, Ŵ))‖² + λ·Σ (1 −
/// |2h(V) − 1|^β) small, x̂ being what the quantized network gives the layer and g what follows it.
/// </summary>
internal sealed class RoundingProblem(
    RoundingGrid grid, Func<Tensor, Tensor, Tensor> layer, OutputFunction output, Tensor inputs, Tensor targets, int axis)
{
    /// <summary>How often a run tells its objective.</summary>
    private const int Told = 100;

    /// <summary>Solves it.</summary>
    /// <param name="options">The choices.</param>
    /// <param name="samples">The samples of each step.</param>
    /// <param name="told">Is told of every hundredth step, and of the last one: the step, from 1, and the objective in it.</param>
    /// <param name="token">Cancels it.</param>
    /// <returns>The codes, in float64; the caller's.</returns>
    public Tensor Solve(LearnedRoundingOptions options, Func<int, Tensor> samples, Action<int, double> told, CancellationToken token)
    {
        using var scope = NewDisposeScope();
        var type = inputs.dtype;
        var floor = grid.Places.floor();
        using var v = new Parameter(RectifiedSigmoid.Inverse(grid.Places - floor).to(type));
        using var adam = optim.Adam([v], options.LearningRate);
        var (below, scale, offset) = (floor.to(type), grid.Scale.to(type), grid.Offset.to(type));
        var (smallest, largest) = (grid.Smallest.to(type), grid.Largest.to(type));
        var (pinned, nearest) = (grid.IsPinned, grid.Nearest.to(type));
        for (var step = 0; step < options.Iterations; step++)
        {
            token.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            adam.zero_grad();
            var share = RectifiedSigmoid.Of(v);
            var codes = where(pinned, nearest, below.Add(share).maximum(smallest).minimum(largest));
            var chosen = samples(step);
            var loss = Distance(layer(inputs.index_select(0, chosen), codes.Add(offset) * scale), targets.index_select(0, chosen));
            if (Beta(options, step) is { } beta)
            {
                loss = loss.Add(share.Mul(2).Sub(1).abs().Pow(beta).neg().Add(1).sum().Mul(options.Regularization));
            }

            loss.backward();
            adam.StepHeld();
            if ((step + 1) % Told == 0 || step == options.Iterations - 1)
            {
                told(step + 1, loss.detach().to(ScalarType.Float64).item<double>());
            }
        }

        using var guard = no_grad();
        var isUp = RectifiedSigmoid.Of(v.detach()).Ge(0.5).to(ScalarType.Float64);
        var learned = floor.Add(isUp).maximum(grid.Smallest).minimum(grid.Largest);
        return where(pinned, grid.Nearest, learned).MoveToOuterDisposeScope();
    }

    /// <summary>The distance of the outputs on all samples, with codes as they are.</summary>
    public double Error(Tensor codes, int batchSize)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var weight = (codes.Add(grid.Offset) * grid.Scale).to(inputs.dtype);
        var sum = 0.0;
        for (var start = 0L; start < inputs.shape[0]; start += batchSize)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(batchSize, inputs.shape[0] - start);
            sum += count * Distance(layer(inputs.narrow(0, start, count), weight), targets.narrow(0, start, count)).to(ScalarType.Float64)
                .item<double>();
        }

        return sum / inputs.shape[0];
    }

    /// <summary>β of a step, falling along half a cosine; null in the warm start.</summary>
    internal static double? Beta(LearnedRoundingOptions options, int step)
    {
        var warm = options.WarmStart * options.Iterations;
        return step < warm ? null : options.EndBeta + ((options.StartBeta - options.EndBeta) / 2
            * (1 + Math.Cos(Math.PI * (step - warm) / (options.Iterations - warm))));
    }

    /// <summary>Squares summed over channels, averaged over all else.</summary>
    private Tensor Distance(Tensor made, Tensor wanted) =>
        (output.Apply(made, axis) - output.Apply(wanted, axis)).Square().sum(axis).mean();
}
