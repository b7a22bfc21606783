using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Resizing by interpolation.
        public static partial class functional
        {
            public static Tensor upsample_nearest(Tensor x, long[] size = null, double[] scale_factor = null, bool align_corners = false)
                => interpolate(x, size, scale_factor);

            public static Tensor upsample_bilinear(Tensor x, long[] size = null, double[] scale_factor = null, bool align_corners = false)
                => interpolate(x, size, scale_factor, InterpolationMode.Bilinear, align_corners);

            public static Tensor interpolate(Tensor x, long[] size = null, double[] scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false,
                bool antialias = false)
            {
                if ((size is null) == (scale_factor is null))
                    throw new ExternalException("Exactly one of size and scale_factor must be given.");
                if (align_corners is not null
                    && mode is InterpolationMode.Nearest or InterpolationMode.NearestExact or InterpolationMode.Area)
                    throw new ExternalException($"align_corners has no meaning for the mode {mode}.");
                if (size is null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    size = scale_factor.Select((s, i) => (long)Math.Floor(x.shape[i + 2] * s)).ToArray();
                    scale_factor = null;
                }

                Value sizes = size is null ? Value.None : size;
                Value scales = scale_factor is null ? Value.None : scale_factor;
                var corners = align_corners ?? false;
                return (mode, x.dim(), antialias) switch
                {
                    (InterpolationMode.Nearest, 3, false) => Aten.UpsampleNearest1dVec.Call(x, sizes, scales),
                    (InterpolationMode.Nearest, 4, false) => Aten.UpsampleNearest2dVec.Call(x, sizes, scales),
                    (InterpolationMode.Nearest, 5, false) => Aten.UpsampleNearest3dVec.Call(x, sizes, scales),
                    (InterpolationMode.NearestExact, 3, false) => Aten.InternalUpsampleNearestExact1dVec.Call(x, sizes, scales),
                    (InterpolationMode.NearestExact, 4, false) => Aten.InternalUpsampleNearestExact2dVec.Call(x, sizes, scales),
                    (InterpolationMode.NearestExact, 5, false) => Aten.InternalUpsampleNearestExact3dVec.Call(x, sizes, scales),
                    (InterpolationMode.Linear, 3, false) => Aten.UpsampleLinear1dVec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bilinear, 4, false) => Aten.UpsampleBilinear2dVec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bilinear, 4, true) => Aten.InternalUpsampleBilinear2dAaVec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bicubic, 4, false) => Aten.UpsampleBicubic2dVec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Bicubic, 4, true) => Aten.InternalUpsampleBicubic2dAaVec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Trilinear, 5, false) => Aten.UpsampleTrilinear3dVec.Call(x, sizes, corners, scales),
                    (InterpolationMode.Area, 3, false) => adaptive_avg_pool1d(x, size[0]),
                    (InterpolationMode.Area, 4, false) => adaptive_avg_pool2d(x, size),
                    (InterpolationMode.Area, 5, false) => adaptive_avg_pool3d(x, size),
                    _ => throw new ExternalException(
                        $"The mode {mode}{(antialias ? " with antialiasing" : "")} does not apply to an input of {x.dim()} dimensions."),
                };
            }

            public static Tensor upsample(Tensor input, long[] size = null, double[] scale_factor = null,
                UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false)
                => interpolate(input, size, scale_factor, (InterpolationMode)mode, mode == UpsampleMode.Nearest ? null : align_corners);
        }
    }
}

file static class Aten
{
    internal static readonly Op InternalUpsampleBicubic2dAaVec = new("aten::_upsample_bicubic2d_aa", "vec");
    internal static readonly Op InternalUpsampleBilinear2dAaVec = new("aten::_upsample_bilinear2d_aa", "vec");
    internal static readonly Op InternalUpsampleNearestExact1dVec = new("aten::_upsample_nearest_exact1d", "vec");
    internal static readonly Op InternalUpsampleNearestExact2dVec = new("aten::_upsample_nearest_exact2d", "vec");
    internal static readonly Op InternalUpsampleNearestExact3dVec = new("aten::_upsample_nearest_exact3d", "vec");
    internal static readonly Op UpsampleBicubic2dVec = new("aten::upsample_bicubic2d", "vec");
    internal static readonly Op UpsampleBilinear2dVec = new("aten::upsample_bilinear2d", "vec");
    internal static readonly Op UpsampleLinear1dVec = new("aten::upsample_linear1d", "vec");
    internal static readonly Op UpsampleNearest1dVec = new("aten::upsample_nearest1d", "vec");
    internal static readonly Op UpsampleNearest2dVec = new("aten::upsample_nearest2d", "vec");
    internal static readonly Op UpsampleNearest3dVec = new("aten::upsample_nearest3d", "vec");
    internal static readonly Op UpsampleTrilinear3dVec = new("aten::upsample_trilinear3d", "vec");
}
