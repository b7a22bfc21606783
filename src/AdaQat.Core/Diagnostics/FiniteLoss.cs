namespace AdaQat.Diagnostics;

/// <summary>Refuses a number of a step of the bit-widths that is NaN or infinite.</summary>
internal static class FiniteLoss
{
    /// <param name="value">The number.</param>
    /// <param name="what">What it is, as the message says it.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <exception cref="NonFiniteLossException">It is NaN or infinite.</exception>
    public static double Require(double value, string what, long step) => double.IsFinite(value)
        ? value
        : throw new NonFiniteLossException(FormattableString.Invariant(
            $"The {what} is {value} in step {step}: the step of the bit-widths is refused, no width has changed. A smaller ")
            + "learning rate of the weights may help.");
}
