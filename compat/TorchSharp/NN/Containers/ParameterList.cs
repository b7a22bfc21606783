using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A list of parameters that counts as one submodule; the parameters are named by position.</summary>
public class ParameterList : nn.Module, IList<Parameter>
{
    private readonly List<Parameter> _list = new();
    private bool _registered;

    public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList))
    {
        if (parameters is not null) _list.AddRange(parameters);
    }

    public Parameter this[int index]
    {
        get => _list[index];
        set => _list[index] = value;
    }

    public int Count => _list.Count;

    public bool IsReadOnly => false;

    public void Add(Parameter item) => _list.Add(item);

    public void append(params Parameter[] parameters)
    {
        if (parameters is not null) _list.AddRange(parameters);
    }

    public void extend(IEnumerable<Parameter> parameters) => _list.AddRange(parameters);

    public void Insert(int index, Parameter item) => _list.Insert(index, item);

    public bool Remove(Parameter item) => _list.Remove(item);

    public void RemoveAt(int index) => _list.RemoveAt(index);

    public void Clear() => _list.Clear();

    public bool Contains(Parameter item) => _list.Contains(item);

    public int IndexOf(Parameter item) => _list.IndexOf(item);

    public void CopyTo(Parameter[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

    public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
        => _list.Select((parameter, index) => (index.ToString(), parameter));

    public override bool has_parameter(string target) => int.TryParse(target, out var index) && index >= 0 && index < _list.Count;

    public override Parameter get_parameter(string target) => has_parameter(target) ? _list[int.Parse(target)] : null;

    protected override void RegisterComponents()
    {
        if (_registered) return;
        for (var i = 0; i < _list.Count; i++) register_parameter(i.ToString(), _list[i]);
        _registered = true;
    }

    protected override void _toEpilog(ScalarType? dtype, Device device, bool non_blocking)
    {
        for (var i = 0; i < _list.Count; i++)
        {
            if (!ReplaceParameter(dtype, device, _list[i], out var moved)) continue;
            _list[i].Dispose();
            _list[i] = moved;
            if (_registered) ConditionallyRegisterParameter(i.ToString(), moved);
        }
        if (device is not null) (_deviceType, _deviceIndex) = (device.type, device.index);
    }
}
