namespace AdaQat.Graph;

/// <summary>Where the numbers between pixels come from.</summary>
public enum ResizeMode
{
    /// <summary>The pixel at ⌊place · ratio⌋; PyTorch's <c>nearest</c>.</summary>
    Nearest,

    /// <summary>The pixel at ⌊(place + ½) · ratio⌋, the one whose centre is nearest; PyTorch's <c>nearest-exact</c>.</summary>
    NearestExact,

    /// <summary>A line between the two pixels next to it; over two axes bilinear, over three trilinear.</summary>
    Linear,

    /// <summary>A cubic through four pixels, with a = −¾; over two axes bicubic.</summary>
    Cubic,
}
