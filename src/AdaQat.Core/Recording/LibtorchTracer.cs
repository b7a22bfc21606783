using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>
/// libtorch's tracer, on for the life of the object or until <see cref="Stop"/>: every operation that this thread computes is noted in a
/// graph of TorchScript.
/// </summary>
/// <remarks>
/// The tracer is the thread's own: what other threads compute meanwhile is not seen, nor disturbed, and as many threads as wish may record
/// at a time. Begin, stop and dispose on one thread, without an await between. Everything is freed at the end, the graph with the tensors
/// that it keeps included. A call from here into libtorch must not throw, since no frame of ours could catch it: what would is refused
/// before.
/// </remarks>
internal sealed unsafe class LibtorchTracer : IDisposable
{
    private const nint TensorTag = 1;

    private readonly LibtorchSymbols _symbols;
    private readonly Dictionary<nint, string> _names = [];
    private readonly nint _state;
    private bool _isOn;
    private bool _isDisposed;

    private LibtorchTracer(LibtorchSymbols symbols)
    {
        _symbols = symbols;
        _state = (nint)NativeMemory.AllocZeroed(LibtorchSymbols.StateBytes);
        symbols.CreateState(_state);
    }

    /// <summary>Switches the tracer on.</summary>
    /// <exception cref="PlatformNotSupportedException">The tracer can't be reached here.</exception>
    /// <exception cref="InvalidOperationException">It is on already: a forward that is being recorded records another.</exception>
    public static LibtorchTracer Begin(LibtorchSymbols symbols)
    {
        // The address of the thread's shared pointer, whose first word is the state's.
        if (*symbols.GetTracingState() != 0)
        {
            throw new InvalidOperationException("A graph is being recorded on this thread already; a forward can't record another.");
        }

        var tracer = new LibtorchTracer(symbols);
        tracer.Set(tracer._state);
        tracer._isOn = true;
        return tracer;
    }

    /// <summary>
    /// The name of a tensor in the text. A tensor that no recorded operation made becomes a constant there, under that name.
    /// </summary>
    /// <param name="tensor">Any tensor; one that nothing made must not require a gradient.</param>
    /// <param name="name">The name it gets, where it has none yet.</param>
    /// <exception cref="CaptureException">The tensor requires a gradient.</exception>
    public string NameOf(Tensor tensor, string name)
    {
        if (tensor.requires_grad)
        {
            throw new CaptureException(
                "The model computes with tensors that require a gradient, besides its parameters, which libtorch's tracer does not take.");
        }

        var key = stackalloc nint[2] { *(nint*)tensor.Handle, TensorTag };
        var value = _symbols.GetValue(_state, key);
        if (!_names.TryGetValue(value, out var known))
        {
            _names.Add(value, known = name);
            var bytes = Encoding.ASCII.GetBytes(name);
            fixed (byte* first = bytes)
            {
                var text = stackalloc nint[4] { (nint)first, bytes.Length, bytes.Length, 0 };
                _symbols.SetDebugName(value, text);
            }
        }

        return known;
    }

    /// <summary>Switches the tracer off, and reads what it noted.</summary>
    /// <returns>The operations, and the tensors among their constants, which the text rounds or leaves away.</returns>
    public TorchProgram Stop()
    {
        SwitchOff();
        var graph = *(nint*)(_state + LibtorchSymbols.GraphOfState);
        var operations = TorchScriptParser.Parse(TextOf(graph));
        var named = _names.Values.ToHashSet();
        var wanted = operations.Where(o => o.IsTensorConstant).Select(o => o.Outputs[0].Name)
            .Where(name => !named.Contains(name)).ToHashSet();
        var tensors = UnnamedValues(graph).Where(pair => wanted.Contains(pair.Name))
            .ToDictionary(pair => pair.Name, pair => TakeOver(ReadTensor(pair.Value, pair.Name)));
        return tensors.Count == wanted.Count
            ? new TorchProgram(operations, tensors)
            : throw LibtorchSymbols.NotAvailable("its graph does not hold all constants that its text shows");
    }

    /// <summary>Switches the tracer off, if it is on, and frees it.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            SwitchOff();
            _symbols.DestroyState(_state);
            NativeMemory.Free((void*)_state);
        }
    }

    private void SwitchOff()
    {
        if (_isOn)
        {
            _isOn = false;
            Set(0);
        }
    }

    /// <summary>Hands libtorch a shared pointer without an owner: the state is ours to free.</summary>
    private void Set(nint state)
    {
        var pointer = stackalloc nint[2] { state, 0 };
        _symbols.SetTracingState(pointer);
    }

    private string TextOf(nint graph)
    {
        // A std::string: characters, length, and room for fifteen characters, beyond which they are allocated.
        var text = stackalloc nint[4];
        _symbols.GraphToString(text, graph, 0);
        var result = Encoding.UTF8.GetString((byte*)text[0], (int)text[1]);
        if (text[0] != (nint)(text + 2))
        {
            _symbols.Delete(text[0]);
        }

        return result;
    }

    private List<(string Name, nint Value)> UnnamedValues(nint graph)
    {
        var values = new List<(string Name, nint Value)>();
        var left = *(nint*)(graph + LibtorchSymbols.ValueCountOfGraph);
        for (var node = *(nint*)(graph + LibtorchSymbols.FirstValueOfGraph); node != 0 && left > 0; node = *(nint*)node, left--)
        {
            var value = ((nint*)node)[1];
            if (!_names.ContainsKey(value))
            {
                values.Add((FormattableString.Invariant($"{*(nint*)(value + LibtorchSymbols.NumberOfValue)}"), value));
            }
        }

        return values;
    }

    private nint ReadTensor(nint value, string name)
    {
        // A std::optional of an IValue: payload, tag, whether there is one.
        var constant = stackalloc nint[3];
        _symbols.ToIValue(constant, value);
        return *(byte*)(constant + 2) == 1 && (constant[1] & 0xffffffff) == TensorTag
            ? constant[0]
            : throw LibtorchSymbols.NotAvailable($"the constant {name} is not where it was with 2.10");
    }

    /// <summary>A copy of a tensor that libtorch has handed over, which is let go.</summary>
    private Tensor TakeOver(nint implementation)
    {
        // A TorchSharp tensor holds the address of a pointer to the implementation: a moment of another pointer makes it that tensor.
        using var carrier = empty(0);
        var pointer = (nint*)carrier.Handle;
        var own = *pointer;
        *pointer = implementation;
        try
        {
            return carrier.clone();
        }
        finally
        {
            *pointer = own;
            Release(implementation);
        }
    }

    /// <summary>Ends the ownership of a tensor, as the destructor of a list of one tensor does.</summary>
    private void Release(nint implementation)
    {
        var items = (nint*)_symbols.New(sizeof(nint));
        *items = implementation;
        var list = stackalloc nint[3] { (nint)items, (nint)(items + 1), (nint)(items + 1) };
        _symbols.DestroyTensors(list);
    }
}
