using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Adam: g ← g + λ·w; m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − η·m̂ / (√v̂ + ε), m̂ and v̂ being m and v over 1 − βᵗ.
/// AMSGrad uses the largest v so far.
/// </summary>
public partial class Adam : OptimizerHelper, optim.IBetas
{
    public Adam(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weight_decay = 0,
        bool amsgrad = false,
        bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public Adam(
        IEnumerable<ParamGroup> parameters,
        double lr = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weight_decay = 0,
        bool amsgrad = false,
        bool maximize = false)
    {
        OptionRange.NotNegative("learning rate", lr);
        OptionRange.NotNegative("eps", eps);
        OptionRange.BelowOne("beta1", beta1);
        OptionRange.BelowOne("beta2", beta2);
        OptionRange.NotNegative("weight_decay", weight_decay);

        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        _parameter_groups = new List<Modules.ParamGroup>();
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => ((Options)_defaults).Betas;
        set => ((Options)_defaults).Betas = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        param_group.Options ??= new Options();
        ((Options)param_group.Options).FillFrom((Options)_defaults);
        Register(param_group, parameter => new State(parameter));
    }

    public override Tensor step(Func<Tensor> closure = null) => _step<ParamGroup>(Update, closure);

    private void Update(ParamGroup group)
    {
        var options = group.Options;
        var (beta1, beta2) = options.Betas;
        var learningRate = options.LearningRate.Value;
        var weightDecay = options.weight_decay.Value;

        foreach (var parameter in group.Parameters)
        {
            using var raw = parameter.grad;
            if (raw is null) continue;

            using var negated = options.maximize.Value ? raw.neg() : null;
            using var decayed = weightDecay != 0 ? (negated ?? raw).add(parameter, alpha: weightDecay) : null;
            var gradient = decayed ?? negated ?? raw;

            var state = (State)_state[parameter.Handle];
            state.step++;
            state.exp_avg.mul_(beta1).add_(gradient, alpha: 1 - beta1);
            state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, value: 1 - beta2);

            var secondMoment = state.exp_avg_sq;
            if (options.amsgrad.Value)
            {
                StateTensor.Replace(ref state.max_exp_avg_sq, torch.maximum(state.max_exp_avg_sq, state.exp_avg_sq));
                secondMoment = state.max_exp_avg_sq;
            }

            using var denominator = secondMoment.sqrt();
            denominator.div_(Math.Sqrt(1 - Math.Pow(beta2, state.step))).add_(options.eps.Value);
            parameter.addcdiv_(state.exp_avg, denominator, value: -learningRate / (1 - Math.Pow(beta1, state.step)));
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) DisposeStates();
    }
}
