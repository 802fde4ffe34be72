using System.Collections;

namespace TorchSharp;

/// <summary>Values by name, in the order in which they came.</summary>
internal sealed class Named<T> : IEnumerable<(string Name, T Value)>
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, T> _values = [];

    public T this[string name]
    {
        get => _values[name];
        set
        {
            if (!_values.ContainsKey(name)) _names.Add(name);
            _values[name] = value;
        }
    }

    public bool ContainsKey(string name) => _values.ContainsKey(name);

    public bool TryAdd(string name, T value)
    {
        if (!_values.TryAdd(name, value)) return false;
        _names.Add(name);
        return true;
    }

    public IEnumerator<(string Name, T Value)> GetEnumerator()
    {
        foreach (var name in _names) yield return (name, _values[name]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
