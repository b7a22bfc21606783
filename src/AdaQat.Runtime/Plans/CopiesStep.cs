namespace AdaQat.Runtime;

/// <summary>Numbers arranged anew: concatenation, slices, permutations, padding, nearest-neighbour resizing.</summary>
internal sealed unsafe class CopiesStep(Slot[] from, Slot to, int bytes, Copies[] copies, int? fill) : Step
{
    public override IEnumerable<Slot> Slots => [.. from, to];

    public override void Run(RunState state)
    {
        var target = state.At(to);
        if (fill is int number)
        {
            Fill(target, number);
        }

        for (var i = 0; i < from.Length; i++)
        {
            Copy(state.At(from[i]), target, copies[i]);
        }
    }

    private void Fill(byte* target, int number)
    {
        if (bytes == 1)
        {
            new Span<byte>(target, (int)to.Bytes).Fill((byte)number);
        }
        else
        {
            new Span<int>(target, (int)(to.Bytes / 4)).Fill(number);
        }
    }

    private void Copy(byte* source, byte* target, Copies blocks)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            var (start, end, count) = blocks[i];
            if (count > 1)
            {
                Buffer.MemoryCopy(source + ((long)start * bytes), target + ((long)end * bytes), (long)count * bytes, (long)count * bytes);
            }
            else if (bytes == 1)
            {
                target[end] = source[start];
            }
            else
            {
                ((int*)target)[end] = ((int*)source)[start];
            }
        }
    }
}
