namespace AdaQat.Graph;

/// <summary>Functions that lose their digits near 0 when written plainly.</summary>
internal static class Elementary
{
    /// <summary>e^x − 1. The rounding error of e^x cancels in (e^x − 1) / log(e^x), which is smooth.</summary>
    public static double ExpM1(double x)
    {
        var power = Math.Exp(x);
        var difference = power - 1;
        return power == 1 ? x : difference == -1 || double.IsInfinity(power) ? difference : difference * (x / Math.Log(power));
    }

    /// <summary>log(1 + x). The rounding error of 1 + x cancels in log(1 + x) / (1 + x − 1), which is smooth.</summary>
    public static double LogP1(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : double.IsInfinity(sum) ? sum : Math.Log(sum) * (x / (sum - 1));
    }
}
