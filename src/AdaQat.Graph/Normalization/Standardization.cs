namespace AdaQat.Graph;

/// <summary>Numbers brought to mean 0 and variance 1.</summary>
internal static class Standardization
{
    /// <summary>y = (x − mean) / √(variance + ε), the variance being the mean of the squared differences.</summary>
    public static void Apply(ReadOnlySpan<double> x, Span<double> y, double epsilon)
    {
        var mean = 0.0;
        foreach (var number in x)
        {
            mean += number;
        }

        mean /= x.Length;
        var variance = 0.0;
        foreach (var number in x)
        {
            variance += (number - mean) * (number - mean);
        }

        var deviation = Math.Sqrt((variance / x.Length) + epsilon);
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = (x[i] - mean) / deviation;
        }
    }
}
