using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Dropout of elements and of whole channels.
        public static partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => inplace ? Aten.DropoutInPlace.CallInPlace(input, p, training).alias() : Aten.Dropout.Call(input, p, training);

            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => Features(input, p, training, inplace);

            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => Features(input, p, training, inplace);

            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => Features(input, p, training, inplace);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false)
                => inplace ? Aten.AlphaDropoutInPlace.CallInPlace(input, p, training).alias() : Aten.AlphaDropout.Call(input, p, training);

            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false)
                => inplace
                    ? Aten.FeatureAlphaDropoutInPlace.CallInPlace(input, p, training).alias()
                    : Aten.FeatureAlphaDropout.Call(input, p, training);

            private static Tensor Features(Tensor input, double p, bool training, bool inplace) => inplace
                ? Aten.FeatureDropoutInPlace.CallInPlace(input, p, training).alias()
                : Aten.FeatureDropout.Call(input, p, training);
        }
    }
}

file static class Aten
{
    internal static readonly Op AlphaDropout = new("aten::alpha_dropout");
    internal static readonly Op AlphaDropoutInPlace = new("aten::alpha_dropout_");
    internal static readonly Op Dropout = new("aten::dropout");
    internal static readonly Op DropoutInPlace = new("aten::dropout_");
    internal static readonly Op FeatureAlphaDropout = new("aten::feature_alpha_dropout");
    internal static readonly Op FeatureAlphaDropoutInPlace = new("aten::feature_alpha_dropout_");
    internal static readonly Op FeatureDropout = new("aten::feature_dropout");
    internal static readonly Op FeatureDropoutInPlace = new("aten::feature_dropout_");
}
