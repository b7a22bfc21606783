namespace AdaQat.Studies.Training;

/// <summary>What becomes of the bits that an allocation gives the layers before they are trained.</summary>
public enum AllocatedWidths
{
    /// <summary>They stay.</summary>
    Fixed,

    /// <summary>They are what AdaQAT starts from.</summary>
    Start,
}
