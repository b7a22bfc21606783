namespace AdaQat.Graph;

/// <summary>Where the numbers between pixels come from.</summary>
public enum ResizeMode
{
    /// <summary>The pixel at ⌊place · ratio⌋; PyTorch's <c>nearest</c>.</summary>
    Nearest,

    /// <summary>
    /// The pixel at ⌊(place + ½) · ratio⌋, the one whose centre is nearest; PyTorch's <c>nearest-exact</c>. Where two are as near,
    /// PyTorch's choice in float32 is the processor's; here it is that of float64.
    /// </summary>
    NearestExact,

    /// <summary>A line between the two pixels next to it; over two axes bilinear, over three trilinear.</summary>
    Linear,

    /// <summary>A cubic through four pixels, with a = −¾; over two axes bicubic.</summary>
    Cubic,
}
