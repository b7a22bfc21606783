namespace AdaQat.Benchmarks.Inference;

/// <summary>Images that mean nothing.</summary>
internal static class Pixels
{
    /// <summary>The same numbers in every run, spread about like normalised pixels.</summary>
    public static float Noise(int place)
    {
        var bits = unchecked((uint)place * 2654435761u);
        bits ^= bits >> 15;
        bits = unchecked(bits * 2246822519u);
        bits ^= bits >> 13;
        return ((bits & 0xFFFF) / 16384f) - 2;
    }
}
