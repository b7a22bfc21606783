using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Lowering;

/// <summary>
/// Whether a model may be run in another way than on its example. <c>Tensor.matmul</c> of TorchSharp 0.107 ends the process, where every
/// other operator throws, if sizes or types do not fit: what could come to that is not tried.
/// </summary>
internal static class ProductSafety
{
    private static readonly HashSet<string> Products = ["matmul", "mm", "bmm", "mv", "dot"];

    /// <summary>Operators that make 64-bit numbers of 32-bit and 64-bit ones; all others take one type.</summary>
    private static readonly HashSet<string> Promoting =
        ["add", "sub", "rsub", "mul", "div", "maximum", "minimum", "pow", "cat", "concat", "stack", "where"];

    private static readonly HashSet<string> Conversions = ["to", "_to_copy", "type_as"];

    /// <summary>
    /// Whether all products are of layers of TorchSharp, which throw, or of tensors that both follow from the input: then sizes change on
    /// both sides.
    /// </summary>
    public static bool AllowsOtherSizes(RecordingSeries series, Func<string, bool> isOfTorchSharp)
    {
        var following = series.First.Inputs.ToHashSet();
        foreach (var call in series.Calls)
        {
            var tensors = call.Tensors.ToList();
            if (Products.Contains(SliceWrites.Bare(call.Kind)) && !isOfTorchSharp(call.Module)
                && !tensors.TrueForAll(tensor => following.Contains(tensor.Name)))
            {
                return false;
            }

            if (tensors.Exists(tensor => following.Contains(tensor.Name)))
            {
                following.UnionWith(call.Outputs.Select(output => output.Name));
            }
        }

        return true;
    }

    /// <summary>
    /// Whether no operator would get numbers of two types, if parameters, buffers and inputs were 64-bit numbers: tensors that a forward
    /// makes itself, or that are no parameter, stay what they are.
    /// </summary>
    public static bool AllowsDouble(RecordingSeries series)
    {
        var single = series.First.Tensors.Where(t => t.Value.is_floating_point() && t.Value.dtype != ScalarType.Float64)
            .Select(t => t.Key).ToHashSet();
        foreach (var call in series.Calls)
        {
            var numbers = call.Tensors.Where(tensor => tensor.IsFloatingPoint).ToList();
            var singles = numbers.Count(tensor => single.Contains(tensor.Name));
            var kind = SliceWrites.Bare(call.Kind);
            if (singles > 0 && singles < numbers.Count && !Promoting.Contains(kind))
            {
                return false;
            }

            if (singles == numbers.Count || Conversions.Contains(kind))
            {
                single.UnionWith(call.Outputs.Select(output => output.Name));
            }
        }

        return true;
    }
}
