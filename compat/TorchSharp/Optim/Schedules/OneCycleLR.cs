using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>The 1cycle policy (Smith and Topin, 2017): up to a peak and down to almost nothing, momentum against it.</summary>
            public static LRScheduler OneCycleLR(
                Optimizer optimizer,
                double max_lr,
                int total_steps = -1,
                int epochs = -1,
                int steps_per_epoch = -1,
                double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos,
                bool cycle_momentum = true,
                double base_momentum = 0.85,
                double max_momentum = 0.95,
                double div_factor = 25,
                double final_div_factor = 1e4,
                bool three_phase = false,
                int last_epoch = -1,
                bool verbose = false) =>
                new impl.OneCycleLR(
                    optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                    base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            /// <summary>The same with one peak for each parameter group.</summary>
            public static LRScheduler OneCycleLR(
                Optimizer optimizer,
                IEnumerable<double> max_lr,
                int total_steps = -1,
                int epochs = -1,
                int steps_per_epoch = -1,
                double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos,
                bool cycle_momentum = true,
                IEnumerable<double> base_momentum = null,
                IEnumerable<double> max_momentum = null,
                double div_factor = 25,
                double final_div_factor = 1e4,
                bool three_phase = false,
                int last_epoch = -1,
                bool verbose = false) =>
                new impl.OneCycleLR(
                    optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                    base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static partial class impl
            {
                public class OneCycleLR : LRScheduler
                {
                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    private readonly AnnealStrategy _anneal_strategy;
                    private readonly int _total_steps;
                    private readonly bool _cycle_momentum;
                    private readonly bool _three_phase;
                    private readonly double _pct_start;
                    private readonly double _div_factor;
                    private readonly double _final_div_factor;
                    private readonly List<double> _max_lrs;
                    private readonly List<double> _base_momentum;
                    private readonly List<double> _max_momentum;

                    public OneCycleLR(
                        Optimizer optimizer,
                        double max_lr,
                        int total_steps = -1,
                        int epochs = -1,
                        int steps_per_epoch = -1,
                        double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true,
                        double base_momentum = 0.85,
                        double max_momentum = 0.95,
                        double div_factor = 25,
                        double final_div_factor = 1e4,
                        bool three_phase = false,
                        int last_epoch = -1,
                        bool verbose = false)
                        : this(
                            optimizer,
                            PerGroup(optimizer, max_lr),
                            total_steps,
                            epochs,
                            steps_per_epoch,
                            pct_start,
                            anneal_strategy,
                            cycle_momentum,
                            PerGroup(optimizer, base_momentum),
                            PerGroup(optimizer, max_momentum),
                            div_factor,
                            final_div_factor,
                            three_phase,
                            last_epoch,
                            verbose)
                    {
                    }

                    /// <summary>One peak, and one pair of momenta, for each parameter group.</summary>
                    public OneCycleLR(
                        Optimizer optimizer,
                        IEnumerable<double> max_lr,
                        int total_steps = -1,
                        int epochs = -1,
                        int steps_per_epoch = -1,
                        double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true,
                        IEnumerable<double> base_momentum = null,
                        IEnumerable<double> max_momentum = null,
                        double div_factor = 25,
                        double final_div_factor = 1e4,
                        bool three_phase = false,
                        int last_epoch = -1,
                        bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (cycle_momentum && optimizer is not (IMomentum or IBetas))
                        {
                            throw new ArgumentException("cycle_momentum needs an optimizer with momentum or betas.");
                        }
                        if (pct_start is < 0 or > 1) throw new ArgumentException($"pct_start is {pct_start}; it must be in [0, 1].");

                        _total_steps = TotalSteps(total_steps, epochs, steps_per_epoch);
                        _pct_start = pct_start;
                        _anneal_strategy = anneal_strategy;
                        _cycle_momentum = cycle_momentum;
                        _three_phase = three_phase;
                        _div_factor = div_factor;
                        _final_div_factor = final_div_factor;
                        _max_lrs = max_lr.ToList();
                        _base_momentum = (base_momentum ?? PerGroup(optimizer, 0.85)).ToList();
                        _max_momentum = (max_momentum ?? PerGroup(optimizer, 0.95)).ToList();
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _total_steps)
                        {
                            throw new InvalidOperationException($"Step {_last_epoch + 1} of a schedule that was made for {_total_steps}.");
                        }

                        var groups = _optimizer.ParamGroups.ToList();
                        return groups.Select((group, i) =>
                        {
                            var (rate, momentum) = At(_last_epoch, i);
                            if (_cycle_momentum) SetMomentum(group, momentum);
                            return rate;
                        });
                    }

                    // One step beyond the last phase there is no phase, and rate and momentum are zero. TorchSharp compares the
                    // group's index, not the phase's, with the last phase's: a group with that index stays in the first phase.
                    private (double Rate, double Momentum) At(int step, int group)
                    {
                        var phases = Phases(group);
                        double start = 0;
                        foreach (var phase in phases)
                        {
                            if (step <= phase.EndStep || group == phases.Length - 1)
                            {
                                var part = (step - start) / (phase.EndStep - start);
                                return (Anneal(phase.StartRate, phase.EndRate, part), Anneal(phase.StartMomentum, phase.EndMomentum, part));
                            }
                            start = phase.EndStep;
                        }
                        return (0, 0);
                    }

                    private Phase[] Phases(int group)
                    {
                        var peak = _max_lrs[group];
                        var initial = peak / _div_factor;
                        var final = initial / _final_div_factor;
                        var (low, high) = (_base_momentum[group], _max_momentum[group]);
                        var rise = new Phase(_pct_start * _total_steps - 1, initial, peak, high, low);
                        var end = _total_steps - 1;
                        return _three_phase
                            ? [rise, new(2 * _pct_start * _total_steps - 2, peak, initial, low, high), new(end, initial, final, high, high)]
                            : [rise, new(end, peak, final, low, high)];
                    }

                    private double Anneal(double start, double end, double part) =>
                        _anneal_strategy == AnnealStrategy.Cos
                            ? end + (start - end) / 2 * (Math.Cos(Math.PI * part) + 1)
                            : (end - start) * part + start;

                    private static void SetMomentum(ILearningRateController group, double momentum)
                    {
                        if (group is IBetas betas)
                        {
                            betas.Betas = (momentum, betas.Betas.Item2);
                        }
                        else
                        {
                            ((IMomentum)group).Momentum = momentum;
                        }
                    }

                    private static int TotalSteps(int total_steps, int epochs, int steps_per_epoch)
                    {
                        if (total_steps == -1 && epochs == -1 && steps_per_epoch == -1)
                        {
                            throw new ArgumentException("Either total_steps, or epochs and steps_per_epoch, must be given.");
                        }
                        if (total_steps != -1)
                        {
                            if (total_steps <= 0) throw new ArgumentException($"total_steps is {total_steps}; it must be above 0.");
                            return total_steps;
                        }
                        if (epochs <= 0) throw new ArgumentException($"epochs is {epochs}; it must be above 0.");
                        if (steps_per_epoch <= 0) throw new ArgumentException($"steps_per_epoch is {steps_per_epoch}; it must be above 0.");
                        return epochs * steps_per_epoch;
                    }

                    private static IEnumerable<double> PerGroup(Optimizer optimizer, double value)
                    {
                        ArgumentNullException.ThrowIfNull(optimizer);
                        return Enumerable.Repeat(value, optimizer.ParamGroups.Count());
                    }

                    private readonly record struct Phase(
                        double EndStep, double StartRate, double EndRate, double StartMomentum, double EndMomentum);
                }
            }
        }
    }
}
