using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>Tensors that a forward makes of nothing: of one number, everywhere.</summary>
internal static class FactoryLowering
{
    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["zeros"] = call => Fill(call, 0),
        ["ones"] = call => Fill(call, 1),
        ["full"] = call => Fill(call, call.Number(1)),
        ["zeros_like"] = call => Fill(call, 0),
        ["ones_like"] = call => Fill(call, 1),
        ["full_like"] = call => Fill(call, call.Number(1)),
        ["new_zeros"] = call => Fill(call, 0),
        ["new_ones"] = call => Fill(call, 1),
        ["new_full"] = call => Fill(call, call.Number(2)),
        ["rand"] = Random,
        ["randn"] = Random,
        ["rand_like"] = Random,
        ["randn_like"] = Random,
        ["randint"] = Random,
        ["randint_like"] = Random,
        ["randperm"] = Random,
        ["normal"] = Random,
        ["bernoulli"] = Random,
        ["multinomial"] = Random,
        ["uniform"] = Random,
    };

    /// <summary>Sizes follow from those of what the model was given, or are fixed.</summary>
    private static void Fill(CallLowering call, double number)
    {
        var rules = Enumerable.Range(0, call.Output.Rank).Select(axis => SizeRule.Find(
            [call.Output with { Shapes = [.. call.Output.Shapes.Select(_ => Array.Empty<long>())] }, .. call.ModelInputs],
            [.. call.Output.Shapes.Select(shape => shape[axis])]) ?? throw new SizeDependenceException(call.Call)).ToList();
        call.Return(call.Emit(new ExpandOperator([.. rules]), [call.Scalar(number), .. call.ModelInputs.Select(call.ValueOf)]));
    }

    private static void Random(CallLowering call) => throw call.Refusal("it draws random numbers, though the model is in eval mode");
}
