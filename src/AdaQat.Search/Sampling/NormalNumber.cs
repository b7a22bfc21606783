using AdaQat.Training;

namespace AdaQat.Search.Sampling;

/// <summary>Numbers of the normal distribution N(0, 1), by Box and Muller.</summary>
internal static class NormalNumber
{
    public static double Next(ref KeyedRandom random)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextSingle()));
        return radius * Math.Cos(2 * Math.PI * random.NextSingle());
    }
}
