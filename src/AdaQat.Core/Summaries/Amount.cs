using System.Globalization;

namespace AdaQat.Summaries;

/// <summary>Numbers as tables show them: three or four digits and a prefix.</summary>
internal static class Amount
{
    /// <summary>A count, with k, M or G.</summary>
    public static string Si(double value) => value switch
    {
        >= 1e9 => Text(value / 1e9, "0.000") + " G",
        >= 1e6 => Text(value / 1e6, "0.00") + " M",
        >= 1e3 => Text(value / 1e3, "0.0") + " k",
        _ => Text(value, "0") + "  ",
    };

    /// <summary>A size, in bytes, KiB or MiB.</summary>
    public static string Bytes(double value) => value switch
    {
        >= 1 << 20 => Text(value / (1 << 20), "0.00") + " MiB",
        >= 1 << 10 => Text(value / (1 << 10), "0.0") + " KiB",
        _ => Text(value, "0") + "   B",
    };

    /// <summary>A time, in s, ms or µs.</summary>
    public static string Time(TimeSpan value) => value.TotalSeconds switch
    {
        >= 1 => Text(value.TotalSeconds, "0.000") + " s",
        >= 1e-3 => Text(value.TotalMilliseconds, "0.000") + " ms",
        _ => Text(value.TotalMicroseconds, "0.0") + " µs",
    };

    /// <summary>A number of any unit: whole from a thousand on, else four digits.</summary>
    public static string Number(double value) => Text(value, Math.Abs(value) >= 1000 || value == 0 ? "#,0" : "G4");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
