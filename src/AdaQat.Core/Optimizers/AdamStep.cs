using AdaQat.Numbers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Optimizers;

/// <summary>A step of Adam (Kingma and Ba, arXiv 1412.6980), and of AdamW (Loshchilov and Hutter, arXiv 1711.05101).</summary>
/// <remarks>
/// m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε). With AMSGrad the largest v so far
/// in place of v. Adam adds decay · w to g; AdamW takes rate · decay · w off w first.
/// </remarks>
internal static class AdamStep
{
    public static void Make(OptimizerHelper optimizer)
    {
        foreach (var (weight, itsGradient, state, options) in OptimizedParameters.Of<Adam.State, Adam.Options>(optimizer))
        {
            var gradient = options.maximize!.Value ? itsGradient.neg() : itsGradient;
            if (options.weight_decay is { } decay and not 0)
            {
                gradient = gradient.Add(weight, decay);
            }

            state.step++;
            Move(
                weight, gradient, new Moments(state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq),
                new Factors(options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value, options.eps!.Value));
        }
    }

    public static void MakeDecoupled(OptimizerHelper optimizer)
    {
        foreach (var (weight, itsGradient, state, options) in OptimizedParameters.Of<AdamW.State, AdamW.Options>(optimizer))
        {
            var gradient = options.maximize!.Value ? itsGradient.neg() : itsGradient;
            var rate = options.LearningRate!.Value;
            weight.MulInPlace(1 - (rate * options.weight_decay!.Value));
            state.step++;
            Move(
                weight, gradient, new Moments(state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq),
                new Factors(rate, options.beta1!.Value, options.beta2!.Value, options.eps!.Value));
        }
    }

    private static void Move(Parameter weight, Tensor gradient, Moments moments, Factors by)
    {
        moments.Mean.MulInPlace(by.Beta1).AddInPlace(gradient, 1 - by.Beta1);
        moments.Square.MulInPlace(by.Beta2).AddProductInPlace(gradient, gradient, 1 - by.Beta2);
        moments.LargestSquare?.copy_(moments.LargestSquare.maximum(moments.Square));
        var corrected = (moments.LargestSquare ?? moments.Square).sqrt().Div(Math.Sqrt(1 - Math.Pow(by.Beta2, moments.Step)));
        weight.AddQuotientInPlace(
            moments.Mean, corrected.AddInPlace(by.Epsilon), -(by.Rate / (1 - Math.Pow(by.Beta1, moments.Step))));
    }

    /// <summary>What is kept of a weight, and moved: t, m, v, and with AMSGrad the largest v.</summary>
    private readonly record struct Moments(long Step, Tensor Mean, Tensor Square, Tensor? LargestSquare);

    private readonly record struct Factors(double Rate, double Beta1, double Beta2, double Epsilon);
}
