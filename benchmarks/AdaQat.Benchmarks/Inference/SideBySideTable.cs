using AdaQat.Benchmarks.Measuring;
using static System.FormattableString;

namespace AdaQat.Benchmarks.Inference;

/// <summary>A setting's times in Markdown.</summary>
internal static class SideBySideTable
{
    /// <param name="title">The network, the batch, the threads.</param>
    /// <param name="contestants">Ours first.</param>
    /// <param name="seconds">Of a batch, contestant by contestant, round by round.</param>
    /// <param name="batch">Images a batch.</param>
    /// <param name="ours">How many of the contestants are ours; theirs of the same networks come right behind, in the same order.</param>
    /// <param name="floors">By instruction the seconds that an image's multiplications take in a loop that does nothing else.</param>
    public static void Print(
        string title, Contestant[] contestants, double[][] seconds, int batch, int ours,
        IReadOnlyList<(string Instruction, double Seconds)> floors)
    {
        Console.WriteLine();
        Console.WriteLine($"| {title} | ms an image, median (least) |{Columns(i => $" / {contestants[i].Title}, median (least) |")}");
        Console.WriteLine($"|---|---|{Columns(_ => "---|")}");
        for (var i = 0; i < contestants.Length; i++)
        {
            Console.WriteLine(Invariant($"| {contestants[i].Title} | {Milliseconds(seconds[i])} |")
                + Columns(our => Invariant($" {Ratio(seconds[i], seconds[our])} |")));
        }

        foreach (var (instruction, least) in floors)
        {
            Console.WriteLine(Invariant($"| as many multiplications in a loop by {instruction} | {1e3 * least:F4} |") + Columns(
                our => Invariant($" {least * batch / Distribution.Of(seconds[our]).Median:F2} |")));
        }

        Console.WriteLine();

        string Milliseconds(double[] times) => Invariant(
            $"{1e3 * Distribution.Of(times).Median / batch:F3} ({1e3 * times.Min() / batch:F3})");
        string Columns(Func<int, string> column) => string.Concat(Enumerable.Range(0, ours).Select(column));
    }

    private static string Ratio(double[] theirs, double[] ours) =>
        Invariant($"{Distribution.OfRatios(theirs, ours).Median:F2} ({theirs.Min() / ours.Min():F2})");
}
