using AdaQat.Search.Plans;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Spaces;

/// <summary>The user's builder, and what it asks for.</summary>
internal sealed class NetworkBuilder
{
    private readonly Func<ChannelPlan, nn.Module<Tensor, Tensor>> _build;

    /// <summary>Builds once, to learn the names.</summary>
    /// <exception cref="ArgumentException">It asks for no channels, or for one name with two defaults.</exception>
    public NetworkBuilder(Func<ChannelPlan, nn.Module<Tensor, Tensor>> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _build = builder;
        using var random = new KeptRandom();
        var plan = new AskedPlan(new Dictionary<string, int>());
        using var model = Built(plan);
        Asked = plan.Asked();
        if (Asked.Count == 0)
        {
            throw new ArgumentException(
                $"The builder of {model.GetName()} never asks its plan for channels: it builds the same network whatever the plan says. "
                + "Write channels[\"layer\", 16] in place of the number 16.", nameof(builder));
        }
    }

    /// <summary>The names that it asks for, with their defaults.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Asked { get; }

    /// <summary>Builds with these channels; those that are not given are the builder's own.</summary>
    /// <exception cref="ArgumentException">It asks for other channels than the first time.</exception>
    public nn.Module<Tensor, Tensor> Build(IReadOnlyDictionary<string, int> channels)
    {
        var plan = new AskedPlan(channels);
        var model = Built(plan);
        try
        {
            RequireSame(plan.Asked());
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private nn.Module<Tensor, Tensor> Built(ChannelPlan plan)
    {
        // What is made here is trained later, wherever the search is made, and lives as long as the model.
        using var lasting = inference_mode(false);
        using var scope = NewDisposeScope();
        var model = _build(plan) ?? throw new ArgumentException("The builder returned null; it has to return a model.");
        // What is looked at is looked at here; what learns is moved to where the example is.
        MoveTo(model, CPU);
        return model;
    }

    /// <summary>Moves a model, whose tensors then live as long as it does.</summary>
    public static void MoveTo(nn.Module model, Device device)
    {
        if (model.parameters().Concat(model.buffers()).Any(tensor => tensor.device_type != device.type))
        {
            model.to(device);
        }

        foreach (var tensor in model.parameters().Concat(model.buffers()))
        {
            tensor.DetachFromDisposeScope();
        }
    }

    private void RequireSame(IReadOnlyList<KeyValuePair<string, int>> asked)
    {
        if (asked.Except(Asked).Concat(Asked.Except(asked)).FirstOrDefault() is { Key: not null } other)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The builder asks for '{other.Key}' (default {other.Value}) in one call and not in another: ")
                + "what it asks for must not depend on the plan's numbers.");
        }
    }
}
