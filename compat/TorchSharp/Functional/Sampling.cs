using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Values read at the positions of a grid.
        public static partial class functional
        {
            public static Tensor affine_grid(Tensor theta, long[] size = null, bool align_corners = false)
                => Aten.AffineGridGenerator.Call(theta, size, align_corners);

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear,
                GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
                => Aten.GridSampler.Call(input, grid, mode == GridSampleMode.Bilinear ? 0 : 1, Code(padding_mode), align_corners ?? false);

            private static long Code(GridSamplePaddingMode mode) => mode switch
            {
                GridSamplePaddingMode.Border => 1,
                GridSamplePaddingMode.Reflection => 2,
                _ => 0,
            };
        }
    }
}

file static class Aten
{
    internal static readonly Op AffineGridGenerator = new("aten::affine_grid_generator");
    internal static readonly Op GridSampler = new("aten::grid_sampler");
}
