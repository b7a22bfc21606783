namespace ResNet20Cifar.Data.Procedural;

/// <summary>A colour with components around 0 to 1.</summary>
public readonly record struct Colour(float Red, float Green, float Blue)
{
    public static Colour Random(ref KeyedRandom random, float low = 0, float high = 1) =>
        new(random.NextSingle(low, high), random.NextSingle(low, high), random.NextSingle(low, high));

    public Colour Towards(Colour other, float share) =>
        new(Red + (other.Red - Red) * share, Green + (other.Green - Green) * share, Blue + (other.Blue - Blue) * share);

    public Colour Plus(float amount) => new(Red + amount, Green + amount, Blue + amount);

    public float this[int channel] => channel switch
    {
        0 => Red,
        1 => Green,
        2 => Blue,
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "A colour has channels 0 to 2."),
    };
}
