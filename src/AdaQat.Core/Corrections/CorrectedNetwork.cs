using AdaQat.Graph;
using AdaQat.Tracing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Corrections;

/// <summary>A model beside its graph: which module a node is, and what else reads what the module has.</summary>
internal sealed class CorrectedNetwork
{
    private readonly nn.Module _model;
    private readonly Dictionary<string, nn.Module> _modules;
    private readonly ILookup<TensorMemory, string> _owners;

    private CorrectedNetwork(nn.Module model, ModelGraph graph, QuantizedModel? quantized)
    {
        (_model, Graph, Quantized) = (model, graph, quantized);
        _modules = model.named_modules().Append((name: "", module: model)).DistinctBy(m => m.name).ToDictionary(m => m.name, m => m.module);
        _owners = model.named_parameters().ToLookup(p => TensorMemory.Of(p.parameter), p => p.name);
    }

    public ModelGraph Graph { get; }

    /// <summary>The quantized model; null where the model is not attached.</summary>
    public QuantizedModel? Quantized { get; }

    /// <summary>A model with its graph.</summary>
    /// <exception cref="ArgumentException">The graph is of another model.</exception>
    public static CorrectedNetwork Of(nn.Module model, ModelGraph graph, QuantizedModel? quantized = null)
    {
        var network = new CorrectedNetwork(model, graph, quantized);
        if (graph.Nodes.FirstOrDefault(node => !network._modules.ContainsKey(node.Module)) is { } node)
        {
            throw new ArgumentException(
                $"The graph '{graph.Name}' has a node '{node.Name}' of a module '{node.Module}', and {model.GetName()} has no such module: "
                + "it is the graph of another model.", nameof(graph));
        }

        foreach (var own in graph.Nodes.Where(IsLayer))
        {
            if (NetworkLayer.From(own.Module, network._modules[own.Module]) is { } layer
                && !own.Inputs[1].Shape.SequenceEqual(layer.Weight.shape))
            {
                throw new ArgumentException(
                    $"The graph's weight of '{own.Module}' is {own.Inputs[1].Shape}, and the model's "
                    + $"[{string.Join(',', layer.Weight.shape)}]: it is the graph of another model.", nameof(graph));
            }
        }

        return network;
    }

    /// <summary>An attached model with its graph, ready to be written to.</summary>
    /// <exception cref="ArgumentException">The graph is of another model.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static CorrectedNetwork Of(QuantizedModel quantized, ModelGraph graph)
    {
        RequireOpen(quantized);
        quantized.Settle();
        return Of(quantized.Model, graph, quantized);
    }

    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static void RequireOpen(QuantizedModel quantized)
    {
        quantized.RequireAttached();
        if (quantized.IsBaked)
        {
            throw new InvalidOperationException("The quantized weights are in the model already: correct it before Bake().");
        }
    }

    public static bool IsLayer(GraphNode node) => node.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator;

    /// <summary>The layer that a node is; null, with the reason, where its weight is not one layer's own.</summary>
    public NetworkLayer? LayerOf(GraphNode node, out string reason)
    {
        reason = "";
        if (NetworkLayer.From(node.Module, _modules[node.Module]) is not { } layer)
        {
            reason = $"'{node.Name}' is computed past a convolution or linear module";
            return null;
        }

        if (Graph.Nodes.Count(other => other.Module == node.Module && IsLayer(other)) > 1)
        {
            reason = $"'{node.Module}' is used in several places";
        }
        else if (Shared(layer.Module, "weight") is { } other)
        {
            reason = $"'{node.Module}' shares its weight with '{other}'";
        }
        else if (layer.Bias is not null && Shared(layer.Module, "bias") is { } sharer)
        {
            reason = $"'{node.Module}' shares its bias with '{sharer}'";
        }

        return reason.Length == 0 ? layer : null;
    }

    /// <summary>The batch normalisation that a node is; null, with the reason, where it is not one module's own.</summary>
    public BatchNorm? BatchNormOf(GraphNode node, out string reason)
    {
        reason = "";
        if (_modules[node.Module] is not BatchNorm { running_mean: not null, running_var: not null } norm)
        {
            reason = "it is not a batch normalisation module with running statistics";
            return null;
        }

        if (Graph.Nodes.Count(other => other.Module == node.Module && other.Operator is BatchNormOperator) > 1)
        {
            reason = "it is used in several places";
        }
        else if ((norm.weight is null ? null : Shared(norm, "weight") ?? Shared(norm, "bias")) is { } other)
        {
            reason = $"it shares its parameters with '{other}'";
        }

        return reason.Length == 0 ? norm : null;
    }

    /// <summary>Those who read what a node makes, past quantizers.</summary>
    public IReadOnlyList<GraphNode> Readers(GraphNode node) =>
    [
        .. node.Outputs.SelectMany(Graph.Consumers)
            .SelectMany(reader => reader.Operator is QuantizeOperator ? Readers(reader) : [reader]),
    ];

    /// <summary>The quantized layer of a module; null where it is left in float.</summary>
    public QuantizedLayer? QuantizedLayerOf(nn.Module module) =>
        Quantized?.Layers.FirstOrDefault(layer => ReferenceEquals(layer.Attached.Module, module));

    /// <summary>Starts a weight's quantizer anew where it had started from the weight that was there before.</summary>
    public void RestartWeight(NetworkLayer layer, SavedState before)
    {
        if (QuantizedLayerOf(layer.Module)?.WeightQuantizer is { } quantizer && quantizer.IsCalibrated)
        {
            using var guard = no_grad();
            before.Save(quantizer);
            quantizer.Calibrate(layer.Weight);
        }
    }


    private string? Shared(nn.Module module, string parameter)
    {
        var own = module.get_parameter(parameter)!;
        var names = _owners[TensorMemory.Of(own)].ToList();
        if (names.Count < 2)
        {
            return null;
        }

        var mine = _model.named_modules().Append((name: "", module: _model)).First(m => ReferenceEquals(m.module, module)).name;
        return names.Find(name => name != $"{mine}.{parameter}");
    }
}
