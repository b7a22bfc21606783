namespace AdaQat.Steering;

/// <summary>
/// How the true values behind noisy ones are spread, as shares on a grid of their logarithms: the most likely shares (Kiefer and Wolfowitz,
/// 1956), by expectation maximisation. No shape is assumed: one value far from all others is as likely as it seems.
/// </summary>
internal sealed class TrueSpread
{
    private const int Nodes = 256;
    private const int Rounds = 100;

    /// <summary>How many standard errors above the largest value the grid ends, and what part of the smallest error it begins at.</summary>
    private const double Above = 4;
    private const double Below = 0.1;

    private readonly double[] _logs;
    private readonly double[] _shares;

    private TrueSpread(double[] logs, double[] shares) => (_logs, _shares) = (logs, shares);

    /// <summary>exp of the mean logarithm of all.</summary>
    public double Centre => Math.Exp(Mean(_shares));

    /// <param name="values">What was seen of each, of either sign, at least one above 0; and its standard error, above 0.</param>
    public static TrueSpread Of(IReadOnlyList<(double Value, double Error)> values)
    {
        var most = Math.Log(values.Max(v => Math.Max(v.Value, 0) + (Above * v.Error)));
        var least = Math.Log(Below * values.Min(v => v.Error));
        var logs = Enumerable.Range(0, Nodes).Select(i => least + ((most - least) * i / (Nodes - 1))).ToArray();
        var likelihoods = values.Select(v => Likelihoods(logs, v.Value, v.Error)).ToList();
        var shares = Enumerable.Repeat(1.0 / Nodes, Nodes).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var given = likelihoods.ConvertAll(likelihood => Given(shares, likelihood));
            shares = [.. Enumerable.Range(0, Nodes).Select(i => given.Average(g => g[i]))];
        }

        return new TrueSpread(logs, shares);
    }

    /// <summary>exp of the mean logarithm of one that was seen as <paramref name="value"/> with <paramref name="error"/>.</summary>
    public double Given(double value, double error) => Math.Exp(Mean(Given(_shares, Likelihoods(_logs, value, error))));

    private static double[] Given(double[] shares, double[] likelihoods)
    {
        var joint = shares.Zip(likelihoods, (share, likelihood) => share * likelihood).ToArray();
        var total = joint.Sum();
        return [.. joint.Select(part => part / total)];
    }

    /// <summary>Over that of the grid's nearest, so that no value lies where all are nothing.</summary>
    private static double[] Likelihoods(double[] logs, double value, double error)
    {
        var squares = logs.Select(log => Math.Pow((value - Math.Exp(log)) / error, 2)).ToArray();
        var least = squares.Min();
        return [.. squares.Select(square => Math.Exp(0.5 * (least - square)))];
    }

    private double Mean(double[] shares) => shares.Zip(_logs, (share, log) => share * log).Sum();
}
