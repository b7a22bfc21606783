namespace ResNet20Cifar.Data.Procedural;

/// <summary>The ten classes of the procedural image set.</summary>
public enum Figure
{
    Disc,
    Ring,
    Square,
    Triangle,
    Plus,
    HorizontalBars,
    VerticalBars,
    DiagonalBars,
    Checkerboard,
    Dots,
}
