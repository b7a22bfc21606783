namespace AdaQat;

/// <summary>What a probing step takes for the widths that it does not measure, where there are more widths than it may measure.</summary>
public enum ProbeEstimate
{
    /// <summary>Nothing: widths are measured in turn, stand still in between, and move farther when their turn comes.</summary>
    None,

    /// <summary>
    /// An estimate from the backward pass of the step, corrected by what the measured widths show: every width gets a difference in every
    /// probing step, for no forward at all.
    /// </summary>
    Backward,
}
