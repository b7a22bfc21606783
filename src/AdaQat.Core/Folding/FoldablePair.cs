using AdaQat.Corrections;
using AdaQat.Graph;

namespace AdaQat.Folding;

/// <summary>A layer, and the batch normalisation that alone reads its output.</summary>
internal sealed record FoldablePair(NetworkLayer Layer, NamedBatchNorm Norm)
{
    /// <summary>The pair that ends in a node of batch normalisation; null, with the reason, where there is none.</summary>
    public static FoldablePair? Find(CorrectedNetwork network, GraphNode norm, out string reason)
    {
        if (network.BatchNormOf(norm, out reason) is not { } module)
        {
            return null;
        }

        var source = network.Graph.Producer(norm.Inputs[0]);
        if (!CorrectedNetwork.IsLayer(source))
        {
            reason = $"it follows '{source.Name}' ({source.Operator.Name}), which is no convolution or linear layer";
        }
        else if (network.Readers(source).FirstOrDefault(reader => !ReferenceEquals(reader, norm)) is { } other)
        {
            reason = $"the output of '{source.Name}' goes to '{other.Name}' too";
        }
        else if (source.Operator is LinearOperator && source.Output.Shape.Rank != 2)
        {
            reason = $"its channels are not the features of '{source.Name}', whose output is {source.Output.Shape}";
        }
        else if (network.LayerOf(source, out reason) is { } layer)
        {
            return new FoldablePair(layer, new NamedBatchNorm(norm.Module, module));
        }

        return null;
    }
}
