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
            /// <summary>Multiplies the rates by a factor when a metric has not improved for more than patience steps.</summary>
            public static LRScheduler ReduceLROnPlateau(
                Optimizer optimizer,
                string mode = "min",
                double factor = 0.1,
                int patience = 10,
                double threshold = 1e-4,
                string threshold_mode = "rel",
                int cooldown = 0,
                IList<double> min_lr = null,
                double eps = 1e-8,
                bool verbose = false) =>
                new impl.ReduceLROnPlateau(
                    optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);

            public static partial class impl
            {
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _smaller_is_better;
                    private readonly bool _relative;
                    private readonly double _threshold;
                    private readonly double _factor;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly double _eps;
                    private readonly double[] _min_lrs;

                    private double _best;
                    private int _bad_epochs;
                    private int _cooldown_left;

                    public ReduceLROnPlateau(
                        Optimizer optimizer,
                        string mode = "min",
                        double factor = 0.1,
                        int patience = 10,
                        double threshold = 1e-4,
                        string threshold_mode = "rel",
                        int cooldown = 0,
                        IList<double> min_lr = null,
                        double eps = 1e-8,
                        bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1) throw new ArgumentException($"Factor {factor} must be below 1.");
                        if (mode is not ("min" or "max")) throw new ArgumentException($"Mode '{mode}' is not 'min' or 'max'.");
                        if (threshold_mode is not ("rel" or "abs"))
                        {
                            throw new ArgumentException($"Threshold mode '{threshold_mode}' is not 'rel' or 'abs'.");
                        }

                        _smaller_is_better = mode == "min";
                        _relative = threshold_mode == "rel";
                        _threshold = threshold;
                        _factor = factor;
                        _patience = patience;
                        _cooldown = cooldown;
                        _eps = eps;
                        _best = _smaller_is_better ? double.PositiveInfinity : double.NegativeInfinity;

                        var groups = optimizer.ParamGroups.Count();
                        var common = min_lr is { Count: 1 } ? min_lr[0] : 0;
                        _min_lrs = min_lr is { Count: > 1 } ? [.. min_lr] : [.. Enumerable.Repeat(common, groups)];
                    }

                    public override void step() =>
                        throw new InvalidOperationException("ReduceLROnPlateau watches a metric: call step(double, int?) with its value.");

                    public override void step(int? epoch) => step();

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        if (IsBetter(current))
                        {
                            _best = current;
                            _bad_epochs = 0;
                        }
                        else
                        {
                            _bad_epochs++;
                        }

                        if (_cooldown_left > 0)
                        {
                            _cooldown_left--;
                            _bad_epochs = 0;
                        }

                        if (_bad_epochs > _patience)
                        {
                            Reduce();
                            _cooldown_left = _cooldown;
                            _bad_epochs = 0;
                        }
                    }

                    private bool IsBetter(double current)
                    {
                        if (_smaller_is_better) return current < (_relative ? _best * (1 - _threshold) : _best - _threshold);
                        return current > (_relative ? _best * (1 + _threshold) : _best + _threshold);
                    }

                    private void Reduce()
                    {
                        var i = 0;
                        foreach (var group in _optimizer.ParamGroups)
                        {
                            var reduced = Math.Max(group.LearningRate * _factor, _min_lrs[i]);
                            if (group.LearningRate - reduced > _eps)
                            {
                                group.LearningRate = reduced;
                                if (_verbose) Console.WriteLine($"Learning rate of parameter group {i} reduced to {reduced:g4}");
                            }
                            i++;
                        }
                    }
                }
            }
        }
    }
}
