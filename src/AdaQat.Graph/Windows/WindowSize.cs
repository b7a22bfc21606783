namespace AdaQat.Graph;

/// <summary>How many places a window has on an image.</summary>
internal static class WindowSize
{
    /// <summary>Places along an axis: (size + 2·padding − reach) / stride + 1.</summary>
    public static long Places(long size, long kernel, long stride, long padding, long dilation, bool roundsUp, string what)
    {
        var reach = (dilation * (kernel - 1)) + 1;
        var room = size + (2 * padding) - reach;
        if (room < 0)
        {
            throw new GraphException(
                $"its {what} reaches over {reach} elements; the input has {size} there, {size + (2 * padding)} padded.");
        }

        var places = ((room + (roundsUp ? stride - 1 : 0)) / stride) + 1;
        // A place that would begin in the padding behind the image is none.
        return roundsUp && (places - 1) * stride >= size + padding ? places - 1 : places;
    }

    /// <summary>That the shape is a batch of images with channels, of as many axes as the window has.</summary>
    public static void CheckInput(Shape input, int windowAxes)
    {
        if (input.Rank != windowAxes + 2)
        {
            throw new GraphException(
                $"the input {input} has {input.Rank} axes; allowed are {windowAxes + 2}: batch, channels and {windowAxes} of the image.");
        }
    }
}
