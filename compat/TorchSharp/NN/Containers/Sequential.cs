using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Calls its modules one after the other, each on the result of the one before.</summary>
/// <remarks>It owns the modules: disposing it disposes them. They are held here, not registered as submodules.</remarks>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<(string name, nn.IModule<Tensor, Tensor> module)> _items = new();

    internal Sequential() : base(nameof(Sequential))
    {
    }

    protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this()
    {
        foreach (var (name, module) in modules) Add(name, module);
    }

    protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
    {
        foreach (var module in modules) Add(module);
    }

    public int Count => _items.Count;

    [IndexerName("SequentialItems")]
    public nn.IModule<Tensor, Tensor> this[int index] => _items[index].module;

    /// <summary>A new container over the same modules; a missing bound stands for the beginning or the end.</summary>
    [IndexerName("SequentialItems")]
    public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    [IndexerName("SequentialItems")]
    public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        Add(name, module);
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module)
    {
        Add(module);
        return this;
    }

    /// <summary>Every result but the last is disposed as soon as the next module has used it; what autograd needs of it lives on natively.</summary>
    public override Tensor forward(Tensor tensor)
    {
        if (_items.Count == 0) return tensor.alias();

        var result = _items[0].module.call(tensor);
        for (var i = 1; i < _items.Count; i++)
        {
            var previous = result;
            result = _items[i].module.call(previous);
            previous.Dispose();
        }
        return result;
    }

    public override IEnumerable<(string name, nn.Module module)> named_children()
        => _items.Select(item => (item.name, (nn.Module)item.module));

    public override IEnumerable<(string name, nn.Module module)> named_modules()
    {
        foreach (var child in named_children()) yield return child;

        foreach (var (prefix, child) in named_children())
            foreach (var (name, module) in child.named_modules())
                yield return ($"{prefix}.{name}", module);
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        if (!recurse) yield break;

        var seen = new HashSet<IntPtr>();
        foreach (var (prefix, child) in named_children())
            foreach (var (name, parameter) in child.named_parameters(true))
                if (seen.Add(parameter.Handle))
                    yield return ($"{prefix}.{name}", parameter);
    }

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true)
    {
        if (!recurse) yield break;

        var seen = new HashSet<IntPtr>();
        foreach (var (prefix, child) in named_children())
            foreach (var (name, buffer) in child.named_buffers(true, include_persistent))
                if (seen.Add(buffer.Handle))
                    yield return ($"{prefix}.{name}", buffer);
    }

    public override nn.Module apply(Action<nn.Module> fn)
    {
        foreach (var (_, child) in named_children()) child.apply(fn);
        fn(this);
        return this;
    }

    /// <summary>Sets the modules' mode; as in TorchSharp, the container's own <c>training</c> stays as it was made.</summary>
    public override void train(bool on = true)
    {
        foreach (var (_, child) in named_children()) child.train(on);
    }

    public override void eval()
    {
        foreach (var (_, child) in named_children()) child.eval();
    }

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(dtype, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(device, dtype, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(deviceType, deviceIndex, non_blocking);
        return this;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var (_, child) in named_children()) child.Dispose();
        base.Dispose(disposing);
    }

    internal void Add(nn.IModule<Tensor, Tensor> module) => Add(_items.Count.ToString(), module);

    internal void Add(string name, nn.IModule<Tensor, Tensor> module) => _items.Add((name, module));

    private Sequential Slice(int start, int end)
    {
        if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
        if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");

        var result = new Sequential();
        for (var i = start; i < end; i++) result._items.Add(_items[i]);
        return result;
    }
}
