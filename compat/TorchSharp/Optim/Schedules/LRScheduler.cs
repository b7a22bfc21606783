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
            /// <summary>A learning-rate schedule: each <see cref="step()"/> sets the rate of every parameter group.</summary>
            /// <remarks>
            /// Rates follow from the current ones (so that schedules can be chained), except for a step to a given epoch, which uses
            /// the closed form where a schedule has one. A schedule takes its first step, to epoch 0, when it is made.
            /// </remarks>
            public abstract class LRScheduler
            {
                protected int _step_count;

                internal Optimizer _optimizer;
                internal int _last_epoch = -1;
                internal bool _verbose;
                internal IList<double> _last_lrs;
                internal IList<double> _base_lrs;

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    _verbose = verbose;
                    _base_lrs = optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToList();
                    _last_lrs = Rates().ToList();
                }

                public virtual void step() => step(null);

                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;

                    // Evaluated once: in some schedules this also moves momenta or steps an inner schedule.
                    var rates = (epoch.HasValue ? get_closed_form_lr() : get_lr()).ToList();
                    var groups = _optimizer.ParamGroups.ToList();
                    for (var i = 0; i < _base_lrs.Count; i++)
                    {
                        groups[i].LearningRate = rates[i];
                        if (_verbose && _last_lrs[i] != rates[i]) Console.WriteLine($"Learning rate of parameter group {i}: {rates[i]}");
                        _last_lrs[i] = rates[i];
                    }
                }

                /// <summary>A step that tells the schedule the value of a metric; only those that watch one use it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                public IEnumerable<double> get_last_lr() => _last_lrs;

                protected virtual IEnumerable<double> get_lr() => Rates();

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                private protected IEnumerable<double> Rates() => _optimizer.ParamGroups.Select(group => group.LearningRate);

                private protected IEnumerable<double> RatesTimes(double factor) => Rates().Select(rate => rate * factor);

                private protected IEnumerable<double> BaseRatesTimes(double factor) => _base_lrs.Select(rate => rate * factor);
            }
        }
    }
}
