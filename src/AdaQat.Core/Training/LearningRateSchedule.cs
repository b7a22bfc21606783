using System.Globalization;
using AdaQat.Diagnostics;

namespace AdaQat.Training;

/// <summary>
/// The factor on each parameter group's initial learning rate, as a function of the step alone, so that a resumed run needs no state.
/// </summary>
public abstract record LearningRateSchedule
{
    /// <summary>The factor after <paramref name="done"/> of <paramref name="steps"/> steps.</summary>
    public abstract double FactorAt(long done, long steps);

    /// <summary>
    /// Half a cosine from 1 down to <paramref name="final"/> (SGDR without restarts, arXiv 1608.03983), after a linear rise.
    /// </summary>
    /// <param name="final">The factor at the end, 0 to 1.</param>
    /// <param name="warmupSteps">Steps of the rise at the start, 0 and more.</param>
    public static LearningRateSchedule Cosine(double final = 0, int warmupSteps = 0) => new CosineSchedule(final, warmupSteps);

    /// <summary>1 throughout.</summary>
    public static LearningRateSchedule Constant() => new ConstantSchedule();

    /// <summary>Multiplied by <paramref name="factor"/> at each of <paramref name="milestones"/>, which are shares of the run.</summary>
    /// <param name="factor">Above 0.</param>
    /// <param name="milestones">Shares of the run between 0 and 1, ascending.</param>
    public static LearningRateSchedule Steps(double factor, params IReadOnlyList<double> milestones) =>
        new StepSchedule(factor, milestones);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public virtual void Validate()
    {
    }

    private sealed record ConstantSchedule : LearningRateSchedule
    {
        public override double FactorAt(long done, long steps) => 1;
    }

    private sealed record CosineSchedule(double Final, int WarmupSteps) : LearningRateSchedule
    {
        public override void Validate()
        {
            Guard.NotNegative(Final, nameof(Final));
            Guard.AtLeast(WarmupSteps, 0, nameof(WarmupSteps));
        }

        public override double FactorAt(long done, long steps)
        {
            if (done < WarmupSteps)
            {
                return (done + 1.0) / (WarmupSteps + 1);
            }

            var progress = (double)(done - WarmupSteps) / Math.Max(1, steps - WarmupSteps);
            return Final + ((1 - Final) * (1 + Math.Cos(Math.PI * progress)) / 2);
        }
    }

    private sealed record StepSchedule(double Factor, IReadOnlyList<double> Milestones) : LearningRateSchedule
    {
        public override void Validate()
        {
            Guard.Positive(Factor, nameof(Factor));
            ArgumentNullException.ThrowIfNull(Milestones);
            foreach (var milestone in Milestones)
            {
                Guard.Share(milestone, nameof(Milestones));
            }
        }

        public override double FactorAt(long done, long steps) =>
            Math.Pow(Factor, Milestones.Count(milestone => done >= milestone * steps));

        /// <summary>With the milestones themselves, which a checkpoint compares, in place of their list's type.</summary>
        public override string ToString()
        {
            var milestones = string.Join("; ", Milestones.Select(m => m.ToString(CultureInfo.InvariantCulture)));
            return string.Create(CultureInfo.InvariantCulture, $"StepSchedule {{ Factor = {Factor}, Milestones = [{milestones}] }}");
        }
    }
}
