using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Checkpoints;

/// <summary>The optimizers of a run's parameters: one without a name, or several by name.</summary>
internal sealed partial class NamedOptimizers
{
    private const string TensorName = "optimizer";

    private readonly List<(string? Name, optim.Optimizer Optimizer)> _all;

    /// <summary>The only one.</summary>
    public NamedOptimizers(optim.Optimizer weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _all = [(null, weights)];
    }

    /// <summary>Several, or one with a name.</summary>
    /// <exception cref="ArgumentException">There is none, a name is no name, or a name or an optimizer is there twice.</exception>
    public NamedOptimizers(IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers)
    {
        ArgumentNullException.ThrowIfNull(optimizers);
        if (optimizers.Count == 0)
        {
            throw new ArgumentException("There is no optimizer; give at least one.", nameof(optimizers));
        }

        foreach (var (name, optimizer) in optimizers)
        {
            ArgumentNullException.ThrowIfNull(optimizer, nameof(optimizers));
            if (name is null || !Name().IsMatch(name))
            {
                throw new ArgumentException(
                    $"The optimizer's name is '{name}'; allowed are letters, digits, '_' and '-', at least one.", nameof(optimizers));
            }
        }

        RequireDistinct(optimizers.Select(n => n.Name), "name");
        RequireDistinct(optimizers.Select(n => n.Optimizer), "optimizer");
        _all = optimizers.Select(n => ((string?)n.Name, n.Optimizer)).ToList();
    }

    public IEnumerable<optim.Optimizer> All => _all.Select(o => o.Optimizer);

    /// <summary>The types of those that have a name, by name.</summary>
    public IReadOnlyDictionary<string, string> KindsByName => new SortedDictionary<string, string>(
        _all.Where(o => o.Name is not null).ToDictionary(o => o.Name!, o => o.Optimizer.GetType().Name), StringComparer.Ordinal);

    /// <summary>What they are, in words.</summary>
    public string Description => _all[0].Name is null
        ? _all[0].Optimizer.GetType().Name
        : string.Join(", ", KindsByName.Select(k => $"{k.Key}: {k.Value}"));

    /// <summary>The names of their states in a checkpoint.</summary>
    public IEnumerable<string> TensorNames => _all.Select(o => TensorNameOf(o.Name));

    /// <summary>Each group's learning rate, with what to call it.</summary>
    public IEnumerable<(string Group, double Rate)> Rates => _all.SelectMany(o => o.Optimizer.ParamGroups.Select((group, number) =>
        ($"parameter group {number}{(o.Name is null ? "" : $" of optimizer '{o.Name}'")}", group.LearningRate)));

    /// <exception cref="NotSupportedException">TorchSharp has no format for the state of one.</exception>
    public void RequireFormat() => All.ToList().ForEach(OptimizerBytes.RequireFormat);

    /// <summary>Refuses those that train what a checkpoint of <paramref name="model"/> would not hold.</summary>
    /// <exception cref="ArgumentException">One moves a parameter that is not the model's.</exception>
    public void RequireOnly(nn.Module model)
    {
        var mine = model.parameters().Select(p => p.Handle).ToHashSet();
        foreach (var (name, optimizer) in _all)
        {
            if (optimizer.parameters().FirstOrDefault(p => !mine.Contains(p.Handle)) is { } foreign)
            {
                throw new ArgumentException(
                    $"The optimizer{(name is null ? "" : $" '{name}'")} moves a parameter of shape [{string.Join(", ", foreign.shape)}] "
                    + "that is not the model's: it is of another model, or was made before this one was moved; or the model attached is "
                    + "only a part of the one that is trained, which quantized.PartOf(whole) says.");
            }
        }
    }

    /// <summary>Their states, by the names that they have in a checkpoint.</summary>
    public Dictionary<string, Tensor> Save() => _all.ToDictionary(o => TensorNameOf(o.Name), o => OptimizerBytes.Save(o.Optimizer));

    /// <summary>Takes over what <see cref="Save"/> returned.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> states)
    {
        foreach (var (name, optimizer) in _all)
        {
            OptimizerBytes.Load(optimizer, states[TensorNameOf(name)]);
        }
    }

    private static string TensorNameOf(string? name) => name is null ? TensorName : $"{TensorName}.{name}";

    private static void RequireDistinct<T>(IEnumerable<T> all, string what)
        where T : class
    {
        if (all.GroupBy(one => one).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The {what} {twice.Key} is there twice.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Name();
}
