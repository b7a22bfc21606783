using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineResizing()
    {
        Define("pad constant", x => [pad(x, (1, 2)), pad(x, (1, 0, -1, 2), value: 0.5), pad(x, [0L, 0, 0, 0, 1, 1])]);
        Define("pad modes", x =>
        [
            pad(x, (1, 2, 2, 1), PaddingModes.Reflect),
            pad(x, (1, 2, 2, 1), PaddingModes.Replicate),
            pad(x, (1, 2, 2, 1), PaddingModes.Circular),
        ]);
        Define("unfold", x => [unfold(x, 2), unfold(x, (3, 2), padding: (1, 1), stride: (2, 2))]);
        Define("fold", x => [fold(x, (3, 4), (2, 2))]);
        Define("pixel_shuffle", x => [pixel_shuffle(x, 2), pixel_unshuffle(pixel_shuffle(x, 2), 2)]);
        Define("interpolate nearest", x =>
        [
            interpolate(x, [5, 6]),
            interpolate(x, scale_factor: [2.0, 1.5]),
            interpolate(x, [2, 7], mode: InterpolationMode.NearestExact),
        ]);
        Define("interpolate bilinear", x =>
        [
            interpolate(x, [5, 6], mode: InterpolationMode.Bilinear),
            interpolate(x, scale_factor: [2.0, 2.0], mode: InterpolationMode.Bilinear, align_corners: true),
        ]);
        Define("interpolate other", x =>
        [
            interpolate(x, [5, 6], mode: InterpolationMode.Bicubic),
            interpolate(x, [2, 2], mode: InterpolationMode.Area),
            interpolate(x, scale_factor: [1.4, 1.4], mode: InterpolationMode.Bilinear, recompute_scale_factor: true),
        ]);
        Define("interpolate lines", x => [interpolate(x, [8]), interpolate(x, [8], mode: InterpolationMode.Linear)]);
        Define("grid_sample", (x, g) =>
        [
            grid_sample(x, g, align_corners: false),
            grid_sample(x, g, GridSampleMode.Nearest, GridSamplePaddingMode.Border, false),
            grid_sample(x, g, GridSampleMode.Bilinear, GridSamplePaddingMode.Reflection, true),
        ]);
        Define("affine_grid", t => [affine_grid(t, [1, 1, 2, 3])]);
    }
}
