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
            /// <summary>Lets the rates swing between a base and a peak, and the momentum against them.</summary>
            public static LRScheduler CyclicLR(
                Optimizer optimizer,
                double base_lr,
                double max_lr,
                int step_size_up = 2000,
                int step_size_down = -1,
                impl.CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular,
                double gamma = 1,
                Func<double, double> scale_fn = null,
                impl.CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle,
                bool cycle_momentum = true,
                double base_momentum = 0.8,
                double max_momentum = 0.9,
                int last_epoch = -1,
                bool verbose = false) =>
                new impl.CyclicLR(
                    optimizer, base_lr, max_lr, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode,
                    cycle_momentum, base_momentum, max_momentum, last_epoch, verbose);

            /// <summary>The same with one base and one peak for each parameter group.</summary>
            public static LRScheduler CyclicLR(
                Optimizer optimizer,
                IEnumerable<double> base_lr,
                IEnumerable<double> max_lr,
                int step_size_up = 2000,
                int step_size_down = -1,
                impl.CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular,
                double gamma = 1,
                Func<double, double> scale_fn = null,
                impl.CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle,
                bool cycle_momentum = true,
                IEnumerable<double> base_momentum = null,
                IEnumerable<double> max_momentum = null,
                int last_epoch = -1,
                bool verbose = false) =>
                new impl.CyclicLR(
                    optimizer, base_lr, max_lr, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode,
                    cycle_momentum, base_momentum, max_momentum, last_epoch, verbose);

            public static partial class impl
            {
                public class CyclicLR : LRScheduler
                {
                    public enum Mode
                    {
                        Triangular,
                        Triangular2,
                        ExpRange,
                    }

                    public enum ScaleMode
                    {
                        Cycle,
                        Iterations,
                    }

                    private double _total_size;
                    private double _step_ratio;
                    private Func<double, double> _scale_fn;
                    private ScaleMode _scale_mode;
                    private List<double> _max_lrs;
                    private List<double> _base_momentum;
                    private List<double> _max_momentum;

                    public CyclicLR(
                        Optimizer optimizer,
                        double base_lr,
                        double max_lr,
                        int step_size_up = 2000,
                        int step_size_down = -1,
                        Mode mode = Mode.Triangular,
                        double gamma = 1,
                        Func<double, double> scale_fn = null,
                        ScaleMode scale_mode = ScaleMode.Cycle,
                        bool cycle_momentum = true,
                        double base_momentum = 0.8,
                        double max_momentum = 0.9,
                        int last_epoch = -1,
                        bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        var groups = optimizer.ParamGroups.Count();
                        SetLength(step_size_up, step_size_down);
                        SetScale(mode, gamma, scale_fn, scale_mode);
                        SetRates(Enumerable.Repeat(base_lr, groups), Enumerable.Repeat(max_lr, groups));
                        if (cycle_momentum) SetMomenta(Enumerable.Repeat(base_momentum, groups), Enumerable.Repeat(max_momentum, groups));
                        step();
                    }

                    /// <summary>One base and one peak for each parameter group.</summary>
                    public CyclicLR(
                        Optimizer optimizer,
                        IEnumerable<double> base_lr,
                        IEnumerable<double> max_lr,
                        int step_size_up = 2000,
                        int step_size_down = -1,
                        Mode mode = Mode.Triangular,
                        double gamma = 1,
                        Func<double, double> scale_fn = null,
                        ScaleMode scale_mode = ScaleMode.Cycle,
                        bool cycle_momentum = true,
                        IEnumerable<double> base_momentum = null,
                        IEnumerable<double> max_momentum = null,
                        int last_epoch = -1,
                        bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        var groups = optimizer.ParamGroups.Count();
                        SetLength(step_size_up, step_size_down);
                        SetScale(mode, gamma, scale_fn, scale_mode);
                        SetRates(base_lr, max_lr);
                        if (cycle_momentum)
                        {
                            SetMomenta(base_momentum ?? Enumerable.Repeat(0.8, groups), max_momentum ?? Enumerable.Repeat(0.9, groups));
                        }
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var cycle = Math.Floor(1 + _last_epoch / _total_size);
                        var x = 1 + _last_epoch / _total_size - cycle;
                        var height = x <= _step_ratio ? x / _step_ratio : (x - 1) / (_step_ratio - 1);
                        height *= _scale_fn(_scale_mode == ScaleMode.Cycle ? cycle : _last_epoch);

                        if (_max_momentum is not null)
                        {
                            // TorchSharp adds the height to the larger momentum, where PyTorch takes it off.
                            var momenta = _optimizer.ParamGroups.Cast<IMomentum>().ToList();
                            for (var i = 0; i < momenta.Count; i++)
                            {
                                momenta[i].Momentum = _max_momentum[i] + (_max_momentum[i] - _base_momentum[i]) * height;
                            }
                        }
                        return _base_lrs.Select((rate, i) => rate + (_max_lrs[i] - rate) * height);
                    }

                    private void SetLength(int up, int down)
                    {
                        _total_size = up + (down == -1 ? up : down);
                        _step_ratio = up / _total_size;
                    }

                    private void SetScale(Mode mode, double gamma, Func<double, double> scale_fn, ScaleMode scale_mode)
                    {
                        // The built-in shapes count cycles, ExpRange too: there PyTorch counts steps.
                        _scale_mode = scale_fn is null ? ScaleMode.Cycle : scale_mode;
                        _scale_fn = scale_fn ?? mode switch
                        {
                            Mode.Triangular => _ => 1,
                            Mode.Triangular2 => cycle => 1 / Math.Pow(2, cycle - 1),
                            _ => cycle => Math.Pow(gamma, cycle),
                        };
                    }

                    private void SetRates(IEnumerable<double> base_lr, IEnumerable<double> max_lr)
                    {
                        _base_lrs = base_lr.ToList();
                        _max_lrs = max_lr.ToList();
                        if (_last_epoch != -1) return;

                        foreach (var (group, rate) in _optimizer.ParamGroups.Zip(_base_lrs)) group.LearningRate = rate;
                    }

                    private void SetMomenta(IEnumerable<double> base_momentum, IEnumerable<double> max_momentum)
                    {
                        if (_optimizer is not IMomentum)
                        {
                            throw new ArgumentException("cycle_momentum needs an optimizer with momentum.");
                        }

                        _base_momentum = base_momentum.ToList();
                        _max_momentum = max_momentum.ToList();
                        if (_last_epoch != -1) return;

                        foreach (var (group, momentum) in _optimizer.ParamGroups.Cast<IMomentum>().Zip(_base_momentum))
                        {
                            group.Momentum = momentum;
                        }
                    }
                }
            }
        }
    }
}
