using TorchSharp.Interop;

namespace TorchSharp;

// Element-wise comparison, and equality of whole tensors.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Scalar target) => Aten.EqScalar.Call(this, target);
        public Tensor eq(Tensor target) => Aten.EqTensor.Call(this, target);
        public Tensor eq_(Scalar target) => Aten.EqInPlaceScalar.CallInPlace(this, target);
        public Tensor eq_(Tensor target) => Aten.EqInPlaceTensor.CallInPlace(this, target);
        public Tensor ne(Scalar target) => Aten.NeScalar.Call(this, target);
        public Tensor ne(Tensor target) => Aten.NeTensor.Call(this, target);
        public Tensor ne_(Scalar target) => Aten.NeInPlaceScalar.CallInPlace(this, target);
        public Tensor ne_(Tensor target) => Aten.NeInPlaceTensor.CallInPlace(this, target);
        public Tensor lt(Scalar target) => Aten.LtScalar.Call(this, target);
        public Tensor lt(Tensor target) => Aten.LtTensor.Call(this, target);
        public Tensor lt_(Scalar target) => Aten.LtInPlaceScalar.CallInPlace(this, target);
        public Tensor lt_(Tensor target) => Aten.LtInPlaceTensor.CallInPlace(this, target);
        public Tensor le(Scalar target) => Aten.LeScalar.Call(this, target);
        public Tensor le(Tensor target) => Aten.LeTensor.Call(this, target);
        public Tensor le_(Scalar target) => Aten.LeInPlaceScalar.CallInPlace(this, target);
        public Tensor le_(Tensor target) => Aten.LeInPlaceTensor.CallInPlace(this, target);
        public Tensor gt(Scalar target) => Aten.GtScalar.Call(this, target);
        public Tensor gt(Tensor target) => Aten.GtTensor.Call(this, target);
        public Tensor gt_(Scalar target) => Aten.GtInPlaceScalar.CallInPlace(this, target);
        public Tensor gt_(Tensor target) => Aten.GtInPlaceTensor.CallInPlace(this, target);
        public Tensor ge(Scalar target) => Aten.GeScalar.Call(this, target);
        public Tensor ge(Tensor target) => Aten.GeTensor.Call(this, target);
        public Tensor ge_(Scalar target) => Aten.GeInPlaceScalar.CallInPlace(this, target);
        public Tensor ge_(Tensor target) => Aten.GeInPlaceTensor.CallInPlace(this, target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor greater_equal(Tensor target) => ge(target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor less_equal_(Tensor target) => le_(target);
        public Tensor not_equal(Tensor target) => ne(target);
        public Tensor not_equal_(Tensor target) => ne_(target);
        public Tensor equal(Tensor target) => eq(target);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false)
            => Aten.Isclose.Call(this, other, rtol, atol, nanEqual);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
            => Aten.Allclose.CallBool(this, target, rtol, atol, equal_nan);

        public Tensor isnan() => Aten.Isnan.Call(this);
        public Tensor isinf() => Aten.Isinf.Call(this);
        public Tensor isfinite() => Aten.Isfinite.Call(this);
        public Tensor isposinf() => Aten.Isposinf.Call(this);
        public Tensor isneginf() => Aten.Isneginf.Call(this);
        public Tensor isreal() => Aten.Isreal.Call(this);
        public Tensor maximum(Tensor other) => Aten.Maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Aten.Minimum.Call(this, other);
        public Tensor fmax(Tensor other) => Aten.Fmax.Call(this, other);
        public Tensor fmin(Tensor other) => Aten.Fmin.Call(this, other);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false)
            => Aten.IsinTensorTensor.Call(this, test_elements, assumeUnique, invert);
    }

    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);
    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);
    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);
    public static Tensor le(Tensor left, Tensor right) => left.le(right);
    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);
    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);
    public static Tensor greater(Tensor tensor, Tensor target) => tensor.greater(target);
    public static Tensor greater_equal(Tensor tensor, Tensor target) => tensor.greater_equal(target);
    public static Tensor less(Tensor tensor, Tensor target) => tensor.less(target);
    public static Tensor less_equal(Tensor tensor, Tensor target) => tensor.less_equal(target);
    public static Tensor not_equal(Tensor tensor, Tensor target) => tensor.not_equal(target);
    public static Tensor equal(Tensor tensor, Tensor target) => tensor.equal(target);

    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false)
        => tensor.isclose(other, rtol, atol, nanEqual);

    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        => tensor.allclose(target, rtol, atol, equal_nan);

    public static Tensor isnan(Tensor input) => input.isnan();
    public static Tensor isinf(Tensor tensor) => tensor.isinf();
    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();
    public static Tensor isposinf(Tensor tensor) => tensor.isposinf();
    public static Tensor isneginf(Tensor tensor) => tensor.isneginf();
    public static Tensor isreal(Tensor tensor) => tensor.isreal();
    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);
    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);
    public static Tensor fmax(Tensor input, Tensor other) => input.fmax(other);
    public static Tensor fmin(Tensor input, Tensor other) => input.fmin(other);

    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false)
        => tensor.isin(test_elements, assumeUnique, invert);
}

file static class Aten
{
    internal static readonly Op Allclose = new("aten::allclose");
    internal static readonly Op EqInPlaceScalar = new("aten::eq_", "Scalar");
    internal static readonly Op EqInPlaceTensor = new("aten::eq_", "Tensor");
    internal static readonly Op EqScalar = new("aten::eq", "Scalar");
    internal static readonly Op EqTensor = new("aten::eq", "Tensor");
    internal static readonly Op Fmax = new("aten::fmax");
    internal static readonly Op Fmin = new("aten::fmin");
    internal static readonly Op GeInPlaceScalar = new("aten::ge_", "Scalar");
    internal static readonly Op GeInPlaceTensor = new("aten::ge_", "Tensor");
    internal static readonly Op GeScalar = new("aten::ge", "Scalar");
    internal static readonly Op GeTensor = new("aten::ge", "Tensor");
    internal static readonly Op GtInPlaceScalar = new("aten::gt_", "Scalar");
    internal static readonly Op GtInPlaceTensor = new("aten::gt_", "Tensor");
    internal static readonly Op GtScalar = new("aten::gt", "Scalar");
    internal static readonly Op GtTensor = new("aten::gt", "Tensor");
    internal static readonly Op Isclose = new("aten::isclose");
    internal static readonly Op Isfinite = new("aten::isfinite");
    internal static readonly Op IsinTensorTensor = new("aten::isin", "Tensor_Tensor");
    internal static readonly Op Isinf = new("aten::isinf");
    internal static readonly Op Isnan = new("aten::isnan");
    internal static readonly Op Isneginf = new("aten::isneginf");
    internal static readonly Op Isposinf = new("aten::isposinf");
    internal static readonly Op Isreal = new("aten::isreal");
    internal static readonly Op LeInPlaceScalar = new("aten::le_", "Scalar");
    internal static readonly Op LeInPlaceTensor = new("aten::le_", "Tensor");
    internal static readonly Op LeScalar = new("aten::le", "Scalar");
    internal static readonly Op LeTensor = new("aten::le", "Tensor");
    internal static readonly Op LtInPlaceScalar = new("aten::lt_", "Scalar");
    internal static readonly Op LtInPlaceTensor = new("aten::lt_", "Tensor");
    internal static readonly Op LtScalar = new("aten::lt", "Scalar");
    internal static readonly Op LtTensor = new("aten::lt", "Tensor");
    internal static readonly Op Maximum = new("aten::maximum");
    internal static readonly Op Minimum = new("aten::minimum");
    internal static readonly Op NeInPlaceScalar = new("aten::ne_", "Scalar");
    internal static readonly Op NeInPlaceTensor = new("aten::ne_", "Tensor");
    internal static readonly Op NeScalar = new("aten::ne", "Scalar");
    internal static readonly Op NeTensor = new("aten::ne", "Tensor");
}
