namespace AdaQat.Runtime;

/// <summary>Elements that lie elsewhere in the result, as few blocks as they make.</summary>
internal sealed class Copies
{
    private readonly List<(int From, int To, int Count)> _blocks = [];

    public int Count => _blocks.Count;

    public (int From, int To, int Count) this[int index] => _blocks[index];

    /// <summary>More elements, one behind the other; they join the block before them where they lie behind it in both.</summary>
    public void Add(long from, long to, int count)
    {
        if (_blocks.Count > 0 && _blocks[^1] is var last && last.From + last.Count == from && last.To + last.Count == to)
        {
            _blocks[^1] = last with { Count = last.Count + count };
        }
        else
        {
            _blocks.Add(((int)from, (int)to, count));
        }
    }
}
