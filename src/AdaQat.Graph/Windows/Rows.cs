namespace AdaQat.Graph;

/// <summary>Loops over rows of numbers that several operators have in common.</summary>
internal static class Rows
{
    /// <summary>target[i] += factor · source[i].</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        source = source[..target.Length];
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }

    /// <summary>Σ left[i] · right[i].</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        right = right[..left.Length];
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>
    /// target[i · targetStep] += factor · source[i · sourceStep], for <paramref name="count"/> places from the first of each.
    /// </summary>
    public static void AddScaled(
        Span<double> target, int targetStep, ReadOnlySpan<double> source, int sourceStep, int count, double factor)
    {
        if (targetStep == 1 && sourceStep == 1)
        {
            AddScaled(target[..count], source, factor);
            return;
        }

        for (int i = 0, to = 0, from = 0; i < count; i++, to += targetStep, from += sourceStep)
        {
            target[to] += factor * source[from];
        }
    }
}
