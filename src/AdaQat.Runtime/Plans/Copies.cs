namespace AdaQat.Runtime;

/// <summary>Elements that lie elsewhere in the result, as few blocks as they make.</summary>
internal sealed class Copies
{
    private readonly List<(int From, int To, int Count)> _blocks = [];

    public int Count => _blocks.Count;

    public (int From, int To, int Count) this[int index] => _blocks[index];

    /// <summary>One more element; it joins the block before it where it lies behind it in both.</summary>
    public void Add(long from, long to)
    {
        if (_blocks.Count > 0 && _blocks[^1] is var last && last.From + last.Count == from && last.To + last.Count == to)
        {
            _blocks[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            _blocks.Add(((int)from, (int)to, 1));
        }
    }
}
