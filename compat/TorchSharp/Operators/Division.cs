using TorchSharp.Interop;

namespace TorchSharp;

// Quotients, with and without rounding.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
            => rounding_mode == RoundingMode.None
                ? Aten.DivScalar.Call(this, target)
                : Aten.DivScalarMode.Call(this, target, Name(rounding_mode));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
            => rounding_mode == RoundingMode.None
                ? Aten.DivTensor.Call(this, target)
                : Aten.DivTensorMode.Call(this, target, Name(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
            => rounding_mode == RoundingMode.None
                ? Aten.DivInPlaceScalar.CallInPlace(this, target)
                : Aten.DivInPlaceScalarMode.CallInPlace(this, target, Name(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
            => rounding_mode == RoundingMode.None
                ? Aten.DivInPlaceTensor.CallInPlace(this, target)
                : Aten.DivInPlaceTensorMode.CallInPlace(this, target, Name(rounding_mode));

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor true_divide(Scalar other) => Aten.TrueDivideScalar.Call(this, other);
        public Tensor true_divide(Tensor other) => Aten.TrueDivideTensor.Call(this, other);
        public Tensor true_divide_(Scalar other) => Aten.TrueDivideInPlaceScalar.CallInPlace(this, other);
        public Tensor true_divide_(Tensor other) => Aten.TrueDivideInPlaceTensor.CallInPlace(this, other);
        public Tensor floor_divide(Scalar other) => Aten.FloorDivideScalar.Call(this, other);
        public Tensor floor_divide(Tensor other) => Aten.FloorDivide.Call(this, other);
        public Tensor floor_divide_(Scalar other) => Aten.FloorDivideInPlaceScalar.CallInPlace(this, other);
        public Tensor floor_divide_(Tensor other) => Aten.FloorDivideInPlaceTensor.CallInPlace(this, other);

        private static string Name(RoundingMode mode) => mode == RoundingMode.floor ? "floor" : "trunc";
    }

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);
    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);
    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);
    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None)
        => left.divide(right, rounding_mode);

    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None)
        => left.divide(right, rounding_mode);

    public static Tensor divide_(Tensor left, Scalar right) => left.div_(right);

    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None)
        => left.divide_(right, rounding_mode);

    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);
    public static Tensor true_divide_(Tensor dividend, Tensor divisor) => dividend.true_divide_(divisor);
    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);
    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);
}

file static class Aten
{
    internal static readonly Op DivInPlaceScalar = new("aten::div_", "Scalar");
    internal static readonly Op DivInPlaceScalarMode = new("aten::div_", "Scalar_mode");
    internal static readonly Op DivInPlaceTensor = new("aten::div_", "Tensor");
    internal static readonly Op DivInPlaceTensorMode = new("aten::div_", "Tensor_mode");
    internal static readonly Op DivScalar = new("aten::div", "Scalar");
    internal static readonly Op DivScalarMode = new("aten::div", "Scalar_mode");
    internal static readonly Op DivTensor = new("aten::div", "Tensor");
    internal static readonly Op DivTensorMode = new("aten::div", "Tensor_mode");
    internal static readonly Op FloorDivide = new("aten::floor_divide");
    internal static readonly Op FloorDivideInPlaceScalar = new("aten::floor_divide_", "Scalar");
    internal static readonly Op FloorDivideInPlaceTensor = new("aten::floor_divide_", "Tensor");
    internal static readonly Op FloorDivideScalar = new("aten::floor_divide", "Scalar");
    internal static readonly Op TrueDivideInPlaceScalar = new("aten::true_divide_", "Scalar");
    internal static readonly Op TrueDivideInPlaceTensor = new("aten::true_divide_", "Tensor");
    internal static readonly Op TrueDivideScalar = new("aten::true_divide", "Scalar");
    internal static readonly Op TrueDivideTensor = new("aten::true_divide", "Tensor");
}
