namespace AdaQat.Graph;

/// <summary>
/// Goes through all places of a shape in row-major order and says where each of several tensors has its element there: an odometer.
/// </summary>
internal ref struct StridedWalk
{
    /// <summary>So many axes have their numbers on the stack; others need an array for each walk.</summary>
    public const int FewAxes = 16;

    private readonly ReadOnlySpan<long> _sizes;
    private readonly Span<int> _place;

    /// <param name="sizes">The shape's sizes.</param>
    /// <param name="place">Room for one number for each axis.</param>
    public StridedWalk(ReadOnlySpan<long> sizes, Span<int> place)
    {
        _sizes = sizes;
        _place = place;
        place.Clear();
    }

    /// <summary>To the next place: moves offsets along.</summary>
    /// <param name="first">The first tensor's strides and its offset.</param>
    /// <param name="offset">Where it is.</param>
    public void Next(ReadOnlySpan<int> first, ref int offset)
    {
        var unused = 0;
        Next(first, ref offset, default, ref unused);
    }

    /// <summary>To the next place: moves the offsets of two tensors along.</summary>
    public void Next(ReadOnlySpan<int> first, ref int offset, ReadOnlySpan<int> second, ref int secondOffset)
    {
        for (var axis = _sizes.Length - 1; axis >= 0; axis--)
        {
            offset += first[axis];
            secondOffset += second.IsEmpty ? 0 : second[axis];
            if (++_place[axis] < _sizes[axis])
            {
                return;
            }

            _place[axis] = 0;
            offset -= first[axis] * (int)_sizes[axis];
            secondOffset -= second.IsEmpty ? 0 : second[axis] * (int)_sizes[axis];
        }
    }
}
