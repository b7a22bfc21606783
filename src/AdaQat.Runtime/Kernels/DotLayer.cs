namespace AdaQat.Runtime;

/// <summary>
/// What dot products of a layer, or of one of its groups, need: where the bytes lie that meet the weights, and the weights in the kernels'
/// order. A byte of the input is unsigned, a weight signed.
/// </summary>
/// <remarks>
/// Weights: for each 16 outputs, for each run, for each four bytes of it, 16 times four weights. Runs are filled up to four bytes, and
/// outputs to 16, with weights of 0; what an input holds behind a run doesn't matter then, but has to be readable.
/// </remarks>
internal sealed unsafe class DotLayer
{
    private readonly sbyte[] _weights;
    private readonly int[] _initial;
    private readonly int[] _starts;
    private readonly int[] _quads;
    private readonly DotChunks _whole;
    private readonly DotChunks? _short;

    /// <param name="starts">Where each run starts, from a pixel's base on.</param>
    /// <param name="lengths">How many bytes each run has.</param>
    /// <param name="outputs">How many outputs.</param>
    /// <param name="weight">The weight of an output at a byte of a run: output, run, byte.</param>
    /// <param name="initial">What each sum starts from.</param>
    /// <param name="most">The largest byte that can meet a weight.</param>
    public DotLayer(int[] starts, int[] lengths, int outputs, Func<int, int, int, sbyte> weight, int[] initial, int most)
    {
        (_starts, _quads) = (starts, Array.ConvertAll(lengths, length => (length + 3) / 4));
        (Blocks, AllQuads) = ((outputs + 15) / 16, _quads.Sum());
        _weights = GC.AllocateArray<sbyte>((Blocks * AllQuads * 64) + 64, pinned: true);
        _initial = GC.AllocateArray<int>((Blocks * 16) + 16, pinned: true);
        initial.CopyTo(_initial, 0);
        var place = Offset(_weights);
        for (var block = 0; block < Blocks; block++)
        {
            for (var run = 0; run < starts.Length; run++)
            {
                for (var quad = 0; quad < _quads[run]; quad++, place += 64)
                {
                    for (var i = 0; i < 64; i++)
                    {
                        var (output, at) = ((block * 16) + (i / 4), (quad * 4) + (i % 4));
                        if (output < outputs && at < lengths[run])
                        {
                            _weights[place + i] = weight(output, run, at);
                        }
                    }
                }
            }
        }

        PairsFit = 2 * most * _weights.Max(w => Math.Abs((int)w)) <= short.MaxValue;
        (_whole, _short) = (DotChunks.Whole(_starts, _quads), DotChunks.Short(_starts, _quads, Weights, Blocks, most));
    }

    /// <summary>How many times 16 outputs.</summary>
    public int Blocks { get; }

    /// <summary>How many times four bytes all runs have.</summary>
    public int AllQuads { get; }

    /// <summary>Whether two products always fit into 16 bits.</summary>
    public bool PairsFit { get; }

    /// <summary>Whether sums fit into 16 bits for a while, as <see cref="DotChunks.Short"/> says.</summary>
    public bool FitsShort => _short is not null;

    public ReadOnlySpan<int> Starts => _starts;

    public ReadOnlySpan<int> Quads => _quads;

    /// <summary>In which parts products are summed.</summary>
    /// <param name="isShort">Whether in sums of 16 bits, which have to fit.</param>
    public DotChunks Chunks(bool isShort) => isShort ? _short! : _whole;

    /// <summary>The weights; pinned, at a multiple of 64.</summary>
    public sbyte* Weights
    {
        get
        {
            fixed (sbyte* weights = _weights)
            {
                return weights + Offset(_weights);
            }
        }
    }

    /// <summary>What each sum starts from; pinned.</summary>
    public int* Initial
    {
        get
        {
            fixed (int* initial = _initial)
            {
                return initial;
            }
        }
    }

    /// <summary>The bytes that packed weights take.</summary>
    public long Bytes => _weights.Length + (4L * _initial.Length);

    private static int Offset(sbyte[] pinned)
    {
        fixed (sbyte* start = pinned)
        {
            return (int)((64 - ((nint)start % 64)) % 64);
        }
    }
}
