using AdaQat.Widths;

namespace AdaQat.Probing;

internal sealed class EstimateCorrection
{
    public static EstimateCorrection Start(IReadOnlyList<WidthState> states) => new();
    public EstimateCorrection After(IReadOnlyList<(WidthState State, double Estimate, double Measured)> pairs) => this;
    public double Correct(WidthState state, double estimate) => estimate * _one;
    private readonly double _one = 1;
}
