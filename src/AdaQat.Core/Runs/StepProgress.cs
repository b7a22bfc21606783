using System.Globalization;

namespace AdaQat.Training;

/// <summary>
/// Says in words how far a long call is, in tenths: <c>new StepProgress&lt;SensitivityProgress&gt;("analysing", p => (double)p.Done /
/// p.Total, Console.WriteLine)</c>.
/// </summary>
/// <typeparam name="T">What the call reports.</typeparam>
/// <param name="what">What it does, as in "analysing".</param>
/// <param name="share">How far it is, 0 to 1.</param>
/// <param name="say">Gets a line each time that another tenth is done, on the thread that reports.</param>
public sealed class StepProgress<T>(string what, Func<T, double> share, Action<string> say) : IProgress<T>
{
    private int _tenths;

    /// <inheritdoc/>
    public void Report(T value)
    {
        var tenths = (int)(10 * share(value));
        if (tenths > _tenths)
        {
            _tenths = tenths;
            say(string.Create(CultureInfo.InvariantCulture, $"{what}: {10 * tenths} %"));
        }
    }
}
