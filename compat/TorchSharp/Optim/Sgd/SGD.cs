using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Stochastic gradient descent: g ← g + λ·w; m ← μ·m + (1 − τ)·g (at first m ← g); w ← w − η·m, with Nesterov w ← w − η·(g + μ·m).
/// </summary>
public partial class SGD : OptimizerHelper, optim.IMomentum
{
    public SGD(
        IEnumerable<Parameter> parameters,
        double lr,
        double momentum = 0,
        double dampening = 0,
        double weight_decay = 0,
        bool nesterov = false,
        bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(
        IEnumerable<ParamGroup> parameters,
        double lr,
        double momentum = 0,
        double dampening = 0,
        double weight_decay = 0,
        bool nesterov = false,
        bool maximize = false)
    {
        OptionRange.NotNegative("learning rate", lr);
        OptionRange.NotNegative("momentum", momentum);
        OptionRange.NotNegative("weight_decay", weight_decay);
        if (nesterov && (momentum <= 0 || dampening != 0))
        {
            throw new ArgumentException($"Nesterov momentum needs a momentum above 0 and no dampening, not {momentum} and {dampening}.");
        }

        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
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
        var momentum = options.momentum.Value;
        var weightDecay = options.weight_decay.Value;
        var rate = options.maximize.Value ? options.LearningRate.Value : -options.LearningRate.Value;

        foreach (var parameter in group.Parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is null) continue;

            using var decayed = weightDecay != 0 ? gradient.add(parameter, alpha: weightDecay) : null;
            var direction = decayed ?? gradient;
            if (momentum == 0)
            {
                parameter.add_(direction, alpha: rate);
                continue;
            }

            var state = (State)_state[parameter.Handle];
            if (state.momentum_buffer is null)
            {
                state.momentum_buffer = direction.clone().DetachFromDisposeScope();
            }
            else
            {
                state.momentum_buffer.mul_(momentum).add_(direction, alpha: 1 - options.dampening.Value);
            }

            using var ahead = options.nesterov.Value ? direction.add(state.momentum_buffer, alpha: momentum) : null;
            parameter.add_(ahead ?? state.momentum_buffer, alpha: rate);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) DisposeStates();
    }
}
