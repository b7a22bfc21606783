using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Spaces;

/// <summary>Multiplications and parameters of a network by the channels of its groups.</summary>
/// <param name="Macs">Multiply-accumulate operations of one sample, layer by layer.</param>
/// <param name="Parameters">Elements of the model's own parameters, one by one.</param>
internal sealed record NetworkCosts(IReadOnlyList<CostTerm> Macs, IReadOnlyList<CostTerm> Parameters)
{
    public static NetworkCosts Of(
        ModelGraph graph, nn.Module model, IReadOnlyDictionary<string, SizeRule[]> rules, IReadOnlyList<ChannelGroup> groups)
    {
        var place = groups.Index().SelectMany(g => g.Item.Keys.Select(key => (key, g.Index)))
            .ToDictionary(g => g.key, g => g.Index, StringComparer.Ordinal);
        CostTerm Term(string name, double factor)
        {
            var sizes = rules[name].ToLookup(rule => rule.Key is { } key && place.ContainsKey(key));
            var (varying, constant) = (sizes[true], sizes[false].Aggregate(1.0, (product, rule) => product * rule.Size));
            return new CostTerm(factor * constant, [.. varying.Select(rule => (place[rule.Key!], rule))]);
        }

        return new NetworkCosts(
            [.. graph.Nodes.Where(OutputJoins.IsLayer).Where(node => rules.ContainsKey($"{node.Module}.weight"))
                .Select(node => Term($"{node.Module}.weight", UsesOfEachWeight(node)))],
            [.. model.named_parameters().Select(p => Term(p.name, 1))]);
    }

    /// <summary>How often each element of the weight is multiplied, per sample.</summary>
    private static double UsesOfEachWeight(GraphNode layer)
    {
        var samples = layer.Inputs[0].Shape[0];
        return layer.Operator switch
        {
            LinearOperator => layer.Output.Shape.ElementCount / (double)layer.Output.Shape[layer.Output.Shape.Rank - 1] / samples,
            TransposedConvolutionOperator => layer.Inputs[0].Shape.ElementCount / (double)(layer.Inputs[0].Shape[1] * samples),
            _ => layer.Output.Shape.ElementCount / (double)(layer.Output.Shape[1] * samples),
        };
    }
}
