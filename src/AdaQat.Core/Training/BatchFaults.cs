using System.Reflection;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>Looks for the cause of a loss that is no number in the batch it was computed on.</summary>
internal static class BatchFaults
{
    /// <summary>The first tensor among the batch's public properties that holds NaN or infinity, or general advice.</summary>
    public static string Advice<TBatch>(TBatch batch)
    {
        using var scope = NewDisposeScope();
        foreach (var property in typeof(TBatch).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length == 0 && property.GetValue(batch) is Tensor tensor && tensor.is_floating_point()
                && tensor.isfinite().logical_not().sum().item<long>() is > 0 and var count)
            {
                return FormattableString.Invariant(
                    $"The batch's {property.Name} holds {count} elements of {tensor.numel()} that are NaN or infinite.");
            }
        }

        return "A smaller learning rate may help.";
    }
}
