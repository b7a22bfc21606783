using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>Tensors in whatever a model takes or returns: a tensor, or a tuple, list or dictionary of tensors, or of these.</summary>
internal static class TensorNest
{
    /// <summary>The tensors in order, each with the way to it: keys and places, joined by dots; empty for a tensor alone.</summary>
    /// <exception cref="ArgumentException">There is something else in it.</exception>
    public static IReadOnlyList<(string Path, Tensor Tensor)> Flatten(object? nest, string what)
    {
        var found = new List<(string, Tensor)>();
        Collect(nest, "", found, what);
        return found;
    }

    /// <summary>The same nest with other tensors.</summary>
    /// <param name="nest">The nest.</param>
    /// <param name="tensors">Taken from the front, as many as <see cref="Flatten"/> found, in that order.</param>
    public static object Rebuild(object nest, Queue<Tensor> tensors)
    {
        switch (nest)
        {
            case Tensor:
                return tensors.Dequeue();
            case ITuple tuple:
                var items = Enumerable.Range(0, tuple.Length).Select(i => Rebuild(tuple[i]!, tensors)).ToArray();
                return Activator.CreateInstance(nest.GetType(), items)!;
            case IDictionary dictionary:
                var copy = (IDictionary)Activator.CreateInstance(nest.GetType())!;
                foreach (DictionaryEntry entry in dictionary)
                {
                    copy.Add(entry.Key, Rebuild(entry.Value!, tensors));
                }

                return copy;
            case Array array:
                var other = Array.CreateInstance(nest.GetType().GetElementType()!, array.Length);
                for (var i = 0; i < array.Length; i++)
                {
                    other.SetValue(Rebuild(array.GetValue(i)!, tensors), i);
                }

                return other;
            default:
                var list = (IList)Activator.CreateInstance(nest.GetType())!;
                foreach (var item in (IList)nest)
                {
                    list.Add(Rebuild(item!, tensors));
                }

                return list;
        }
    }

    private static void Collect(object? nest, string path, List<(string, Tensor)> found, string what)
    {
        switch (nest)
        {
            case Tensor tensor:
                found.Add((path, tensor));
                break;
            case ITuple tuple:
                for (var i = 0; i < tuple.Length; i++)
                {
                    Collect(tuple[i], Join(path, i.ToString(CultureInfo.InvariantCulture)), found, what);
                }

                break;
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    Collect(entry.Value, Join(path, $"{entry.Key}"), found, what);
                }

                break;
            case IList list:
                for (var i = 0; i < list.Count; i++)
                {
                    Collect(list[i], Join(path, i.ToString(CultureInfo.InvariantCulture)), found, what);
                }

                break;
            default:
                throw new ArgumentException(
                    $"The model's {what} holds {(nest is null ? "nothing" : $"a {nest.GetType().Name}")}; allowed are tensors, and tuples, "
                    + "lists and dictionaries of them.");
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
