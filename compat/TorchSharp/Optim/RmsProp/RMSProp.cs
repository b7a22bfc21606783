using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// RMSProp: g ← g + λ·w; v ← α·v + (1 − α)·g²; w ← w − η·g / (√v + ε). Centred: v − ḡ² under the root, ḡ the running mean of g.
/// With momentum the quotient is gathered first: b ← μ·b + g / (√v + ε); w ← w − η·b.
/// </summary>
public partial class RMSProp : OptimizerHelper, optim.IMomentum
{
    public RMSProp(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        double alpha = 0.99,
        double eps = 1e-8,
        double weight_decay = 0,
        double momentum = 0,
        bool centered = false,
        bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    public RMSProp(
        IEnumerable<ParamGroup> parameters,
        double lr = 1e-3,
        double alpha = 0.99,
        double eps = 1e-8,
        double weight_decay = 0,
        double momentum = 0,
        bool centered = false,
        bool maximize = false)
    {
        OptionRange.NotNegative("learning rate", lr);
        OptionRange.NotNegative("eps", eps);
        OptionRange.NotNegative("alpha", alpha);
        OptionRange.NotNegative("momentum", momentum);
        OptionRange.NotNegative("weight_decay", weight_decay);

        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            alpha = alpha,
            eps = eps,
            weight_decay = weight_decay,
            momentum = momentum,
            centered = centered,
            maximize = maximize,
        };
        _parameter_groups = new List<Modules.ParamGroup>();
        foreach (var group in parameters) add_param_group(group);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum.Value;
        set => ((Options)_defaults).momentum = value;
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
        var alpha = options.alpha.Value;
        var momentum = options.momentum.Value;
        var weightDecay = options.weight_decay.Value;
        var learningRate = options.LearningRate.Value;

        foreach (var parameter in group.Parameters)
        {
            using var raw = parameter.grad;
            if (raw is null) continue;

            using var negated = options.maximize.Value ? raw.neg() : null;
            using var decayed = weightDecay != 0 ? (negated ?? raw).add(parameter, alpha: weightDecay) : null;
            var gradient = decayed ?? negated ?? raw;

            var state = (State)_state[parameter.Handle];
            state.step++;
            state.square_avg.mul_(alpha).addcmul_(gradient, gradient, value: 1 - alpha);
            using var root = options.centered.Value ? CentredRoot(state, gradient, alpha) : state.square_avg.sqrt();
            root.add_(options.eps.Value);

            if (momentum > 0)
            {
                state.momentum_buffer.mul_(momentum).addcdiv_(gradient, root);
                parameter.add_(state.momentum_buffer, alpha: -learningRate);
            }
            else
            {
                parameter.addcdiv_(gradient, root, value: -learningRate);
            }
        }
    }

    private static Tensor CentredRoot(State state, Tensor gradient, double alpha)
    {
        state.grad_avg.mul_(alpha).add_(gradient, alpha: 1 - alpha);
        return state.square_avg.addcmul(state.grad_avg, state.grad_avg, value: -1).sqrt_();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) DisposeStates();
    }
}
