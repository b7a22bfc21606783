using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A network in integers of 1 to 8 bits: nodes in the order in which they are computed. It is checked when it is made, and never changes;
/// threads may run it at once, each with a context of its own.
/// </summary>
public sealed class IntegerModel
{
    /// <summary>The <see cref="MemoryLimit"/> of a model that was given no other one: 1 GiB.</summary>
    public const long DefaultMemoryLimit = 1L << 30;

    private readonly Lazy<ExecutionPlan> _plan;
    private readonly Lazy<ModelBytes> _bytes;
    private readonly Lazy<Int128> _prepared;
    private IntegerContext? _spare;

    /// <summary>A model of these nodes.</summary>
    /// <param name="nodes">In their order: each reads nodes before it. Names differ. There are an input and an output at least.</param>
    /// <exception cref="IntegerModelException">The nodes are not as said.</exception>
    public IntegerModel(EquatableList<IntegerNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var (known, names) = (new HashSet<IntegerNode>(ReferenceEqualityComparer.Instance), new HashSet<string>(StringComparer.Ordinal));
        foreach (var node in nodes)
        {
            ArgumentNullException.ThrowIfNull(node, nameof(nodes));
            foreach (var input in node.Inputs)
            {
                if (!known.Contains(input))
                {
                    throw new IntegerModelException(node.Name, $"it reads '{input.Name}', which is not before it in the model.");
                }
            }

            if (!known.Add(node) || !names.Add(node.Name))
            {
                throw new IntegerModelException(node.Name, "it is in the model twice, or another node has its name.");
            }
        }

        Nodes = nodes;
        _prepared = new(() => MemoryBound.OfPlan(Nodes));
        _plan = new(() => Prepared(KernelKinds.Best));
        _bytes = new(() => ModelWriter.Write(Nodes).Sizes);
        Inputs = [.. nodes.OfType<InputNode>()];
        Outputs = [.. nodes.OfType<OutputNode>()];
        if (Inputs.Count == 0 || Outputs.Count == 0)
        {
            throw new IntegerModelException($"A model has {Inputs.Count} inputs and {Outputs.Count} outputs; it needs one of each.");
        }
    }

    /// <summary>All nodes, in the order in which they are computed.</summary>
    public EquatableList<IntegerNode> Nodes { get; }

    /// <summary>What a caller gives, in the nodes' order.</summary>
    public EquatableList<InputNode> Inputs { get; }

    /// <summary>What a caller gets, in the nodes' order.</summary>
    public EquatableList<OutputNode> Outputs { get; }

    /// <summary>
    /// How many bytes all that it takes to run the model may have, the prepared model and a context together. Sizes in a file cost a file
    /// nothing; with this limit a small file can't make a program allocate beyond it.
    /// </summary>
    public long MemoryLimit { get; private init; } = DefaultMemoryLimit;

    /// <summary>Multiplications of a weight and an activation for one image.</summary>
    public long Macs => Sum(node => node.Macs);

    /// <summary>Those, times the bits of weights and of activations.</summary>
    public long BitOps => Sum(node => node.BitOps);

    /// <summary>What the model's file takes.</summary>
    public ModelBytes Bytes => _bytes.Value;

    /// <summary>The memory that a run of one image needs for values and scratch, in bytes; weights are not in it.</summary>
    /// <exception cref="IntegerModelException">To prepare the model takes more than its <see cref="MemoryLimit"/>.</exception>
    public long PeakMemory => _plan.Value.Bytes;

    /// <summary>The memory that weights take once they are unpacked for this processor, in bytes.</summary>
    /// <exception cref="IntegerModelException">To prepare the model takes more than its <see cref="MemoryLimit"/>.</exception>
    public long WeightBytes => _plan.Value.WeightBytes;

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="IntegerModelException">
    /// It is no such file, of another version, longer than 1 GiB, or damaged: the message says what is wrong. Whatever a file holds,
    /// reading it allocates at most 256 times its length and 1 MiB.
    /// </exception>
    public static IntegerModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        return Load(stream);
    }

    /// <summary>Reads a model from a stream, to its end.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <returns>The model.</returns>
    /// <exception cref="IntegerModelException">As for a file.</exception>
    public static IntegerModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(ModelReader.Read(StreamBytes.All(stream)));
    }

    /// <summary>Writes the model into a file, which is there whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew))
            {
                Save(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Writes the model into a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ModelWriter.Write(Nodes).File);
    }

    /// <summary>The same model with another limit of memory.</summary>
    /// <param name="bytes">The limit, 1 and more.</param>
    /// <returns>The model; it shares its nodes with this one, and is prepared anew.</returns>
    public IntegerModel WithMemoryLimit(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return new(Nodes) { MemoryLimit = bytes };
    }

    /// <summary>Memory for runs.</summary>
    /// <param name="batch">The most images of a run, 1 and more.</param>
    /// <param name="threads">How many threads share a run's images, or the large steps of a single one, 1 and more.</param>
    /// <returns>The context; threads that run at once need one each.</returns>
    /// <exception cref="IntegerModelException">
    /// It takes more than the <see cref="MemoryLimit"/>; nothing has been allocated then.
    /// </exception>
    public IntegerContext CreateContext(int batch = 1, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return new(this, _plan.Value, batch, threads);
    }

    /// <summary>Computes a batch of a model with one input of floats and one output, on the calling thread.</summary>
    /// <param name="input">Images, one behind the other.</param>
    /// <param name="output">As many results.</param>
    /// <exception cref="IntegerModelException">
    /// The model has other inputs or outputs, the lengths are no such numbers, or it takes more than the <see cref="MemoryLimit"/>.
    /// </exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        var context = Rent(input.Length);
        context.Run(input, output);
        Volatile.Write(ref _spare, context);
    }

    /// <summary>Computes a batch of a model with one input of bytes and one output, on the calling thread.</summary>
    /// <param name="input">Images, one behind the other.</param>
    /// <param name="output">As many results.</param>
    /// <exception cref="IntegerModelException">
    /// The model has other inputs or outputs, the lengths are no such numbers, a byte is above its largest code, or it takes more than the
    /// <see cref="MemoryLimit"/>.
    /// </exception>
    public void Run(ReadOnlySpan<byte> input, Span<float> output)
    {
        var context = Rent(input.Length);
        context.Run(input, output);
        Volatile.Write(ref _spare, context);
    }

    /// <summary>A context by other instructions than the fastest, to hold them to the same numbers.</summary>
    internal IntegerContext CreateContext(KernelKind kind, int batch, int threads, long worthSharing = TileStep.WorthSharing) =>
        new(this, Prepared(kind), batch, threads, worthSharing);

    /// <summary>Refuses what would take too much, the prepared model among it.</summary>
    /// <param name="bytes">What it takes beside the prepared model.</param>
    /// <param name="what">What that is.</param>
    internal void RequireMemory(Int128 bytes, string what)
    {
        if (_prepared.Value + bytes > MemoryLimit)
        {
            throw new IntegerModelException($"To prepare the model takes up to {_prepared.Value} bytes, and {what} {bytes}; the model's "
                + $"limit of memory is {MemoryLimit} bytes. {nameof(WithMemoryLimit)} gives it another one.");
        }
    }

    private ExecutionPlan Prepared(KernelKind kind)
    {
        RequireMemory(MemoryBound.LeastOfImage(Nodes), "an image at least");
        return ExecutionPlan.Of(Nodes, kind);
    }

    /// <summary>The context that the last run left, if nobody has it and it is large enough; it has one thread and needs no end.</summary>
    private IntegerContext Rent(int numbers)
    {
        var images = Math.Max(1, numbers / (int)Inputs[0].Shape.ElementCount);
        return Interlocked.Exchange(ref _spare, null) is { } spare && spare.Batch >= images ? spare : CreateContext(images);
    }

    private long Sum(Func<IntegerNode, long> of)
    {
        Int128 sum = 0;
        foreach (var node in Nodes)
        {
            sum += of(node);
        }

        return (long)Int128.Min(sum, long.MaxValue);
    }
}
