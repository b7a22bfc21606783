using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>Images in other sizes, and pixels shuffled.</summary>
internal static class ResizeLowering
{
    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["upsample_nearest1d"] = call => Resize(call, ResizeMode.Nearest, firstScale: 2),
        ["upsample_nearest2d"] = call => Resize(call, ResizeMode.Nearest, firstScale: 2),
        ["upsample_nearest3d"] = call => Resize(call, ResizeMode.Nearest, firstScale: 2),
        ["_upsample_nearest_exact1d"] = call => Resize(call, ResizeMode.NearestExact, firstScale: 2),
        ["_upsample_nearest_exact2d"] = call => Resize(call, ResizeMode.NearestExact, firstScale: 2),
        ["_upsample_nearest_exact3d"] = call => Resize(call, ResizeMode.NearestExact, firstScale: 2),
        ["upsample_linear1d"] = call => Resize(call, ResizeMode.Linear, firstScale: 3),
        ["upsample_bilinear2d"] = call => Resize(call, ResizeMode.Linear, firstScale: 3),
        ["upsample_trilinear3d"] = call => Resize(call, ResizeMode.Linear, firstScale: 3),
        ["upsample_bicubic2d"] = call => Resize(call, ResizeMode.Cubic, firstScale: 3),
        ["pixel_shuffle"] = PixelShuffle,
        ["pixel_unshuffle"] = PixelUnshuffle,
    };

    private static void Resize(CallLowering call, ResizeMode mode, int firstScale)
    {
        var alignsCorners = firstScale == 3 && call.Flag(2);
        var scales = Enumerable.Range(firstScale, Math.Max(0, call.Count - firstScale)).Select(call.NumberOrNone).ToList();
        if (scales.Count > 0 && scales.TrueForAll(scale => scale is not null))
        {
            call.Return(call.Emit(ResizeOperator.ByScale(mode, [.. scales.Select(scale => scale!.Value)], alignsCorners), call.Value(0)));
            return;
        }

        TensorArgument[] sources = [call.Tensor(0), .. call.ModelInputs];
        var rules = call.Rules(call.Sizes(1), sources);
        var likes = rules.SelectMany(rule => rule.References).Any(reference => reference.Input > 0)
            ? call.ModelInputs.Select(call.ValueOf).ToArray()
            : [];
        call.Return(call.Emit(ResizeOperator.ToSize(mode, [.. rules], alignsCorners), [call.Value(0), .. likes]));
    }

    /// <summary>[N, C·r², H, W] to [N, C, H·r, W·r].</summary>
    private static void PixelShuffle(CallLowering call)
    {
        var (r, channels) = (call.Integer(1), call.Output.Shape[1]);
        var split = call.Emit(new ReshapeOperator([Of(0), channels, r, r, Of(2), Of(3)]), call.Value(0));
        var ordered = call.Emit(new PermuteOperator([0, 1, 4, 2, 5, 3]), split);
        call.Return(call.Emit(new ReshapeOperator([Of(0), channels, Product(2, 3), Product(4, 5)]), ordered));
    }

    /// <summary>[N, C, H·r, W·r] to [N, C·r², H, W].</summary>
    private static void PixelUnshuffle(CallLowering call)
    {
        var (r, channels) = (call.Integer(1), call.Tensor(0).Shape[1]);
        var split = call.Emit(new ReshapeOperator(
            [Of(0), channels, SizeExpression.Product([new(0, 2)], 1, r), r, SizeExpression.Product([new(0, 3)], 1, r), r]), call.Value(0));
        var ordered = call.Emit(new PermuteOperator([0, 1, 3, 5, 2, 4]), split);
        call.Return(call.Emit(new ReshapeOperator([Of(0), channels * r * r, Of(4), Of(5)]), ordered));
    }

    private static SizeExpression Of(int axis) => SizeExpression.Of(0, axis);

    private static SizeExpression Product(int first, int second) => SizeExpression.Product([new(0, first), new(0, second)]);
}
