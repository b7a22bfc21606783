using System.Globalization;

namespace EdgeWorkflow;

/// <summary>Says how far a long call is, in tenths.</summary>
internal sealed class StepProgress<T>(string what, Func<T, double> share, Action<string> say) : IProgress<T>
{
    private int _tenths;

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
