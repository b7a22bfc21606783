namespace AdaQat.Tests.Support;

/// <summary>Tables of latencies as a user writes them.</summary>
internal static class Latencies
{
    public const string Header = "kind,weight,input,output,weightBits,activationBits,microseconds\n";

    /// <summary>A layer of 2·3·3·3·16 = 864 multiplications for each of 16 places, and its rows.</summary>
    public static LayerShape Shape { get; } = new("Conv2d", "2x3x3x3", "3x4x4", "2x4x4");

    /// <summary>Times at 4 and 8 bits: 10, 12, 14 and 20 µs.</summary>
    public static string Rows => string.Concat(
        Row(4, 4, 10), Row(4, 8, 12), Row(8, 4, 14), Row(8, 8, 20));

    public static string Row(int weightBits, int activationBits, double time) => FormattableString.Invariant(
        $"{Shape.Kind},{Shape.Weight},{Shape.Input},{Shape.Output},{weightBits},{activationBits},{time}\n");

    public static LatencyTable Read(string rows)
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("times.csv");
        File.WriteAllText(path, Header + rows);
        return LatencyTable.Read(path);
    }

    public static LayerProfile Layer(string name, LayerShape shape, BitWidth weights, BitWidth activations) =>
        new(name, (long)shape.Macs, 54, 48, weights, activations) { Shape = shape };
}
