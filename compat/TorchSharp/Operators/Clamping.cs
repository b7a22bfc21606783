using TorchSharp.Interop;

namespace TorchSharp;

// Limiting values to a range.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor clamp(Scalar min = null, Scalar max = null) => Aten.Clamp.Call(this, min, max);
        public Tensor clamp(Tensor min = null, Tensor max = null) => Aten.ClampTensor.Call(this, min, max);
        public Tensor clamp_(Scalar min = null, Scalar max = null) => Aten.ClampInPlace.CallInPlace(this, min, max);
        public Tensor clamp_(Tensor min = null, Tensor max = null) => Aten.ClampInPlaceTensor.CallInPlace(this, min, max);
        public Tensor clamp_max(Scalar max) => Aten.ClampMax.Call(this, max);
        public Tensor clamp_max_(Scalar max) => Aten.ClampMaxInPlace.CallInPlace(this, max);
        public Tensor clamp_min(Scalar min) => Aten.ClampMin.Call(this, min);
        public Tensor clamp_min_(Scalar min) => Aten.ClampMinInPlace.CallInPlace(this, min);
        public Tensor clip(Scalar min = null, Scalar max = null) => clamp(min, max);
    }

    public static Tensor clamp(Tensor input, Scalar min = null, Scalar max = null) => input.clamp(min, max);
    public static Tensor clamp(Tensor input, Tensor min = null, Tensor max = null) => input.clamp(min, max);
    public static Tensor clamp_(Tensor input, Scalar min = null, Scalar max = null) => input.clamp_(min, max);
    public static Tensor clamp_(Tensor input, Tensor min = null, Tensor max = null) => input.clamp_(min, max);
    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);
    public static Tensor clamp_max_(Tensor input, Scalar max) => input.clamp_max_(max);
    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);
    public static Tensor clamp_min_(Tensor input, Scalar min) => input.clamp_min_(min);
    public static Tensor clip(Tensor input, Scalar min = null, Scalar max = null) => input.clip(min, max);
}

file static class Aten
{
    internal static readonly Op Clamp = new("aten::clamp");
    internal static readonly Op ClampInPlace = new("aten::clamp_");
    internal static readonly Op ClampInPlaceTensor = new("aten::clamp_", "Tensor");
    internal static readonly Op ClampMax = new("aten::clamp_max");
    internal static readonly Op ClampMaxInPlace = new("aten::clamp_max_");
    internal static readonly Op ClampMin = new("aten::clamp_min");
    internal static readonly Op ClampMinInPlace = new("aten::clamp_min_");
    internal static readonly Op ClampTensor = new("aten::clamp", "Tensor");
}
