using System.Collections;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Named parameters, in the order of their insertion, that count as one submodule.</summary>
public class ParameterDict : nn.Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
{
    private readonly OrderedDict<string, Parameter> _items = new();
    private bool _registered;

    public ParameterDict() : base(nameof(ParameterDict))
    {
    }

    public Parameter this[string key]
    {
        get => _items[key];
        set => _items[key] = value;
    }

    public (string, Parameter) this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => _items.Keys;

    public ICollection<Parameter> Values => _items.Values;

    public void Add(string key, Parameter value) => _items.Add(key, value);

    public void Add((string, Parameter) item) => _items.Add(item);

    public void Add(KeyValuePair<string, Parameter> item) => _items.Add(item);

    public void Insert(int index, (string, Parameter) item) => _items.Insert(index, item);

    public bool Remove(string key) => _items.Remove(key);

    public bool Remove((string, Parameter) item) => _items.Remove(item);

    public bool Remove(KeyValuePair<string, Parameter> item) => _items.Remove(item);

    public void RemoveAt(int index) => _items.RemoveAt(index);

    public void Clear() => _items.Clear();

    public void clear() => Clear();

    public bool ContainsKey(string key) => _items.ContainsKey(key);

    public bool Contains((string, Parameter) item) => _items.Contains(item);

    public bool Contains(KeyValuePair<string, Parameter> item) => _items.Contains(item);

    public bool TryGetValue(string key, out Parameter value) => _items.TryGetValue(key, out value);

    public int IndexOf((string, Parameter) item) => _items.IndexOf(item);

    public void CopyTo((string, Parameter)[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public IEnumerable<string> keys() => Keys;

    public IEnumerable<Parameter> values() => Values;

    public IEnumerator<(string, Parameter)> items() => GetEnumerator();

    public IEnumerator<(string, Parameter)> GetEnumerator() => _items.GetEnumerator();

    IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator()
        => ((IEnumerable<KeyValuePair<string, Parameter>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse) => _items;

    public override bool has_parameter(string target) => _items.ContainsKey(target);

    public override Parameter get_parameter(string target) => _items.TryGetValue(target, out var parameter) ? parameter : null;

    protected override void RegisterComponents()
    {
        if (_registered) return;
        foreach (var (name, parameter) in _items) register_parameter(name, parameter);
        _registered = true;
    }

    protected override void _toEpilog(ScalarType? dtype, Device device, bool non_blocking)
    {
        foreach (var (name, parameter) in _items.ToList<(string, Parameter)>())
        {
            if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
            parameter.Dispose();
            _items[name] = moved;
            if (_registered) ConditionallyRegisterParameter(name, moved);
        }
        if (device is not null) (_deviceType, _deviceIndex) = (device.type, device.index);
    }
}
