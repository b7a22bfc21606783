namespace AdaQat.Runtime;

/// <summary>Memory for runs of a model, one at a time: threads that run at once need a context each. Runs allocate nothing.</summary>
public sealed unsafe class IntegerContext : IDisposable
{
    // What a thread has beside values: their alignment, its state.
    private const long ThreadBytes = 4096;

    private readonly IntegerModel _model;
    private readonly ExecutionPlan _plan;
    private readonly Pinned<byte>[] _inputs;
    private readonly Pinned<float>[] _outputs;
    private readonly Pinned<byte>[] _memories;
    private readonly RunState[] _states;
    private readonly SemaphoreSlim[] _starts;
    private readonly SemaphoreSlim _ends = new(0);
    private readonly Exception?[] _faults;
    private readonly bool[] _shared;
    private readonly TileSharing _sharing;
    private int _running;
    private bool _shares;
    private int _images;
    private int _next;
    private bool _disposed;

    internal IntegerContext(IntegerModel model, ExecutionPlan plan, int batch, int threads, long worthSharing = TileStep.WorthSharing)
    {
        (_model, _plan, Batch, Threads) = (model, plan, batch, threads);
        var image = model.Inputs.Sum(input => input.Shape.ElementCount * input.Type.Bytes)
            + model.Outputs.Sum(output => output.Shape.ElementCount * sizeof(float));
        var objects = ThreadBytes + plan.Islands.Sum(island => island.ObjectBytes);
        model.RequireMemory((batch * (Int128)image) + (threads * ((Int128)plan.Bytes + objects)),
            $"a context for {batch} images by {threads} threads");
        _inputs = [.. model.Inputs.Select(input => new Pinned<byte>(Size(batch * input.Shape.ElementCount * input.Type.Bytes)))];
        _outputs = [.. model.Outputs.Select(output => new Pinned<float>(Size(batch * output.Shape.ElementCount)))];
        _memories = [.. Enumerable.Range(0, threads).Select(_ => new Pinned<byte>(Size(plan.Bytes + 64)))];
        _states = [.. _memories.Select(memory => new RunState(model.Inputs.Count, model.Outputs.Count)
        {
            Memory = memory.Pointer + ((64 - ((nint)memory.Pointer % 64)) % 64),
        })];
        foreach (var state in _states)
        {
            state.Islands = [.. plan.Islands.Select(island => island.Bind(state.Memory))];
        }

        _faults = new Exception?[threads];
        _shared = [.. plan.Steps.Select(step => threads > 1 && step is TileStep { Tiles: > 1 } tiles && tiles.Work >= worthSharing)];
        _sharing = new([.. plan.Steps.Where((_, i) => _shared[i]).Cast<TileStep>()]);
        _starts = [.. Enumerable.Range(1, threads - 1).Select(_ => new SemaphoreSlim(0))];
        for (var i = 1; i < threads; i++)
        {
            var worker = i;
            new Thread(() => Work(worker)) { IsBackground = true, Name = $"AdaQat {worker}" }.Start();
        }
    }

    /// <summary>The most images of a run.</summary>
    public int Batch { get; }

    /// <summary>How many threads share a run's images, or the large steps of a single one.</summary>
    public int Threads { get; }

    /// <summary>The memory of the context, in bytes; the model's weights are not in it.</summary>
    public long Bytes => _inputs.Sum(input => (long)input.Count) + _outputs.Sum(output => 4L * output.Count)
        + _memories.Sum(memory => (long)memory.Count);

    /// <summary>Floats of an input, image by image, to be written before a run.</summary>
    /// <param name="input">Which input, 0 to the number of inputs − 1.</param>
    /// <returns>Room for <see cref="Batch"/> images.</returns>
    /// <exception cref="IntegerModelException">The input takes bytes.</exception>
    public Span<float> FloatInput(int input = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Input(input).Type is Floats ? new Span<float>(_inputs[input].Pointer, _inputs[input].Count / 4)
            : throw new IntegerModelException(Input(input).Name, $"it takes bytes, {Input(input).Type}; write {nameof(ByteInput)}.");
    }

    /// <summary>Bytes of an input, image by image, to be written before a run.</summary>
    /// <param name="input">Which input, 0 to the number of inputs − 1.</param>
    /// <returns>Room for <see cref="Batch"/> images.</returns>
    /// <exception cref="IntegerModelException">The input takes floats.</exception>
    public Span<byte> ByteInput(int input = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Input(input).Type is Codes ? _inputs[input].Span
            : throw new IntegerModelException(Input(input).Name, $"it takes floats; write {nameof(FloatInput)}.");
    }

    /// <summary>What the last run made, image by image.</summary>
    /// <param name="output">Which output, 0 to the number of outputs − 1.</param>
    /// <returns>Room for <see cref="Batch"/> images.</returns>
    public ReadOnlySpan<float> Output(int output = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, _outputs.Length);
        return _outputs[output].Span;
    }

    /// <summary>Computes images that were written into the inputs.</summary>
    /// <param name="images">How many, 1 to <see cref="Batch"/>.</param>
    /// <exception cref="IntegerModelException">A byte of an input is above its largest code.</exception>
    /// <exception cref="InvalidOperationException">Another thread runs this context.</exception>
    public void Run(int images)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(images, Batch);
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            throw new InvalidOperationException("Another thread runs this context; threads that run at once need a context each.");
        }

        try
        {
            Check(images);
            (_images, _next, _shares) = (images, 0, images == 1 && _sharing.IsOfUse);
            foreach (var state in _states)
            {
                state.Values = _shares ? _states[0].Memory : state.Memory;
            }

            _sharing.Begin();
            var helpers = (_shares ? Threads : Math.Min(images, Threads)) - 1;
            for (var i = 0; i < helpers; i++)
            {
                _starts[i].Release();
            }

            if (_shares)
            {
                Lead();
            }
            else
            {
                Share(0);
            }

            for (var i = 0; i < helpers; i++)
            {
                _ends.Wait();
            }

            Rethrow();
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Computes a batch of a model with one input of floats and one output.</summary>
    /// <param name="input">Images, one behind the other.</param>
    /// <param name="output">As many results.</param>
    /// <exception cref="IntegerModelException">The model has other inputs or outputs, or the lengths are no such numbers.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        var images = Images(input.Length, output.Length);
        input.CopyTo(FloatInput());
        Run(images);
        Output()[..output.Length].CopyTo(output);
    }

    /// <summary>Computes a batch of a model with one input of bytes and one output.</summary>
    /// <param name="input">Images, one behind the other.</param>
    /// <param name="output">As many results.</param>
    /// <exception cref="IntegerModelException">
    /// The model has other inputs or outputs, the lengths are no such numbers, or a byte is above its largest code.
    /// </exception>
    public void Run(ReadOnlySpan<byte> input, Span<float> output)
    {
        var images = Images(input.Length, output.Length);
        input.CopyTo(ByteInput());
        Run(images);
        Output()[..output.Length].CopyTo(output);
    }

    /// <summary>Ends its threads.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            foreach (var start in _starts)
            {
                start.Release();
            }
        }
    }

    private static int Size(long bytes) => bytes <= Array.MaxLength ? (int)bytes : throw new IntegerModelException(
        $"A context would need {bytes} bytes at a place; allowed are up to {Array.MaxLength}.");

    private InputNode Input(int input)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(input, _inputs.Length);
        return _model.Inputs[input];
    }

    private int Images(int input, int output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_inputs.Length != 1 || _outputs.Length != 1)
        {
            throw new IntegerModelException(
                $"The model has {_inputs.Length} inputs and {_outputs.Length} outputs; write and read them one by one.");
        }

        var (per, makes) = ((int)_model.Inputs[0].Shape.ElementCount, (int)_model.Outputs[0].Shape.ElementCount);
        var images = input / per;
        return images >= 1 && images <= Batch && images * per == input && (long)images * makes == output ? images
            : throw new IntegerModelException($"The input has {input} numbers and the output {output}; allowed are {per} and {makes} for "
                + $"each of 1 to {Batch} images.");
    }

    private void Check(int images)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            var node = _model.Inputs[i];
            if (node.Type is Codes { MaxCode: < 255 } codes)
            {
                var numbers = _inputs[i].Span[..(int)(images * node.Shape.ElementCount)];
                if (numbers.IndexOfAnyInRange((byte)(codes.MaxCode + 1), byte.MaxValue) is >= 0 and var place)
                {
                    throw new IntegerModelException(
                        node.Name, $"byte {place} of the input is {numbers[place]}; allowed are 0 to {codes.MaxCode}.");
                }
            }
        }
    }

    private void Work(int worker)
    {
        while (true)
        {
            _starts[worker - 1].Wait();
            if (_disposed)
            {
                return;
            }

            if (_shares)
            {
                _sharing.Help(_states[worker], ref _faults[worker]);
            }
            else
            {
                Share(worker);
            }

            _ends.Release();
        }
    }

    /// <summary>Computes a single image, of whose large steps other threads compute tiles.</summary>
    private void Lead()
    {
        try
        {
            Place(_states[0], 0);
            for (int i = 0, shared = 0; i < _shared.Length; i++)
            {
                if (_shared[i])
                {
                    _sharing.Run(shared++, _states[0], ref _faults[0]);
                }
                else
                {
                    _plan.Steps[i].Run(_states[0]);
                }
            }
        }
        catch (Exception fault)
        {
            _faults[0] = fault;
        }

        _sharing.End();
    }

    /// <summary>Tells where the caller's numbers of an image are.</summary>
    private void Place(RunState state, int image)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            var input = _model.Inputs[i];
            state.Inputs[i] = (nint)(_inputs[i].Pointer + (image * input.Shape.ElementCount * input.Type.Bytes));
        }

        for (var i = 0; i < _outputs.Length; i++)
        {
            state.Outputs[i] = (nint)(_outputs[i].Pointer + (image * _model.Outputs[i].Shape.ElementCount));
        }
    }

    /// <summary>Takes one image after the other until none is left.</summary>
    private void Share(int worker)
    {
        try
        {
            for (var image = Interlocked.Increment(ref _next) - 1; image < _images; image = Interlocked.Increment(ref _next) - 1)
            {
                Place(_states[worker], image);
                _plan.Run(_states[worker]);
            }
        }
        catch (Exception fault)
        {
            // A worker's fault is thrown by the thread that called.
            _faults[worker] = fault;
        }
    }

    private void Rethrow()
    {
        for (var i = 0; i < _faults.Length; i++)
        {
            if (_faults[i] is { } fault)
            {
                Array.Clear(_faults);
                throw new InvalidOperationException($"A part of the model could not be computed: {fault.Message}", fault);
            }
        }
    }
}
