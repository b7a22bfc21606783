using static TorchSharp.torch;

namespace AdaQat.Search.Spaces;

/// <summary>
/// Which sizes of a model follow from which channels: found by building it once more for each name, with twice as many channels of that
/// name.
/// </summary>
internal sealed class ShapeProbe
{
    private readonly Dictionary<string, SizeRule[]> _rules;
    private readonly Dictionary<string, string> _unfit = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The builder ignores a name, or cannot build with other channels.</exception>
    public ShapeProbe(NetworkBuilder builder)
    {
        using var random = new KeptRandom();
        using var model = builder.Build(new Dictionary<string, int>());
        var shapes = ModelShapes.Of(model);
        _rules = shapes.ToDictionary(s => s.Key, s => Array.ConvertAll(s.Value, SizeRule.Constant), StringComparer.Ordinal);
        foreach (var (key, channels) in builder.Asked)
        {
            using var other = Doubled(builder, key, channels);
            Compare(key, channels, shapes, ModelShapes.Of(other));
        }
    }

    /// <summary>The rules of all sizes, by the names of <see cref="ModelShapes"/>.</summary>
    public IReadOnlyDictionary<string, SizeRule[]> Rules => _rules;

    /// <summary>Why channels of some names cannot vary.</summary>
    public IReadOnlyDictionary<string, string> Unfit => _unfit;

    private static nn.Module<Tensor, Tensor> Doubled(NetworkBuilder builder, string key, int channels)
    {
        try
        {
            return builder.Build(new Dictionary<string, int> { [key] = 2 * channels });
        }
        catch (Exception fault)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The builder fails with {2 * channels} channels of '{key}', {channels} by default, all others at their default: ")
                + $"{fault.Message.Split('\n')[0]} A builder has to build with any number of channels; whether they fit is seen later.",
                fault);
        }
    }

    private void Compare(
        string key, int channels, IReadOnlyDictionary<string, long[]> before, IReadOnlyDictionary<string, long[]> after)
    {
        if (before.Keys.Except(after.Keys).Concat(after.Keys.Except(before.Keys)).FirstOrDefault() is { } gone)
        {
            _unfit[key] = $"with other channels the model has other parameters: '{gone}' is there with some and not with others, as "
                + "where a shortcut is built if two numbers differ; decide that by something else, or give both numbers one name";
            return;
        }

        var follows = false;
        foreach (var (name, shape) in before)
        {
            if (after[name].Length != shape.Length)
            {
                _unfit[key] = $"with other channels '{name}' has other dimensions";
                return;
            }

            for (var axis = 0; axis < shape.Length; axis++)
            {
                var growth = after[name][axis] - shape[axis];
                if (growth == 0)
                {
                    continue;
                }

                follows = true;
                Note(key, channels, name, axis, shape[axis], growth);
            }
        }

        if (!follows)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The builder asks for the channels of '{key}' and ignores them: with {2 * channels} in place of {channels} ")
                + "every parameter has the shape it had. Use the number that the plan gives, or don't ask for it.");
        }
    }

    private void Note(string key, int channels, string name, int axis, long size, long growth)
    {
        if (growth != size)
        {
            _unfit[key] = FormattableString.Invariant($"a dimension of '{name}' goes from {size} to {size + growth} with twice as many, ")
                + "as behind a concatenation, or where it is rounded";
        }
        else if (_rules[name][axis].Key is { } other)
        {
            _unfit[key] = _unfit[other] = $"a dimension of '{name}' follows from both '{other}' and '{key}'";
        }
        else
        {
            _rules[name][axis] = new SizeRule(key, size, channels);
        }
    }
}
