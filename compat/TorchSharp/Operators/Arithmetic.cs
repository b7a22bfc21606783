using TorchSharp.Interop;

namespace TorchSharp;

// Sums, products, quotients and powers.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Scalar scalar) => Aten.AddScalar.Call(this, scalar, 1);
        public Tensor add(Scalar scalar, Scalar alpha) => Aten.AddScalar.Call(this, scalar, alpha);
        public Tensor add(Tensor target) => Aten.AddTensor.Call(this, target, 1);
        public Tensor add(Tensor target, Scalar alpha) => Aten.AddTensor.Call(this, target, alpha);
        public Tensor add_(Scalar scalar) => Aten.AddInPlaceScalar.CallInPlace(this, scalar, 1);
        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.AddInPlaceScalar.CallInPlace(this, scalar, alpha);
        public Tensor add_(Tensor target) => Aten.AddInPlaceTensor.CallInPlace(this, target, 1);
        public Tensor add_(Tensor target, Scalar alpha) => Aten.AddInPlaceTensor.CallInPlace(this, target, alpha);
        public Tensor sub(Scalar target) => Aten.SubScalar.Call(this, target, 1);
        public Tensor sub(Tensor target) => Aten.SubTensor.Call(this, target, 1);
        public Tensor sub_(Scalar target) => Aten.SubInPlaceScalar.CallInPlace(this, target, 1);
        public Tensor sub_(Tensor target) => Aten.SubInPlaceTensor.CallInPlace(this, target, 1);
        public Tensor subtract(Scalar target) => sub(target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract_(Scalar target) => sub_(target);
        public Tensor subtract_(Tensor target) => sub_(target);
        public Tensor mul(Scalar target) => Aten.MulScalar.Call(this, target);
        public Tensor mul(Tensor target) => Aten.MulTensor.Call(this, target);
        public Tensor mul_(Scalar target) => Aten.MulInPlaceScalar.CallInPlace(this, target);
        public Tensor mul_(Tensor target) => Aten.MulInPlaceTensor.CallInPlace(this, target);
        public Tensor multiply(Scalar target) => mul(target);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor neg() => Aten.Neg.Call(this);
        public Tensor neg_() => Aten.NegInPlace.CallInPlace(this);
        public Tensor negative() => Aten.Negative.Call(this);
        public Tensor positive() => Aten.Positive.Call(this);
        public Tensor square() => Aten.Square.Call(this);
        public Tensor reciprocal() => Aten.Reciprocal.Call(this);
        public Tensor reciprocal_() => Aten.ReciprocalInPlace.CallInPlace(this);
        public Tensor pow(Scalar exponent) => Aten.PowTensorScalar.Call(this, exponent);
        public Tensor pow(Tensor exponent) => Aten.PowTensorTensor.Call(this, exponent);
        public Tensor pow_(Scalar exponent) => Aten.PowInPlaceScalar.CallInPlace(this, exponent);
        public Tensor pow_(Tensor exponent) => Aten.PowInPlaceTensor.CallInPlace(this, exponent);
        public Tensor float_power(Tensor target) => Aten.FloatPowerTensorTensor.Call(this, target);
        public Tensor remainder(Scalar scalar) => Aten.RemainderScalar.Call(this, scalar);
        public Tensor remainder(Tensor target) => Aten.RemainderTensor.Call(this, target);
        public Tensor remainder_(Scalar scalar) => Aten.RemainderInPlaceScalar.CallInPlace(this, scalar);
        public Tensor remainder_(Tensor target) => Aten.RemainderInPlaceTensor.CallInPlace(this, target);
        public Tensor fmod(Scalar scalar) => Aten.FmodScalar.Call(this, scalar);
        public Tensor fmod(Tensor target) => Aten.FmodTensor.Call(this, target);
        public Tensor fmod_(Scalar scalar) => Aten.FmodInPlaceScalar.CallInPlace(this, scalar);
        public Tensor fmod_(Tensor target) => Aten.FmodInPlaceTensor.CallInPlace(this, target);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
            => Aten.AddcmulInPlace.CallInPlace(this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Addcdiv.Call(this, tensor1, tensor2, 1);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcdiv.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Aten.AddcdivInPlace.CallInPlace(this, tensor1, tensor2, 1);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
            => Aten.AddcdivInPlace.CallInPlace(this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => Aten.LerpTensor.Call(this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Aten.LerpInPlaceTensor.CallInPlace(this, end, weight);
        public Tensor hypot(Tensor other) => Aten.Hypot.Call(this, other);
        public Tensor copysign(Tensor other) => Aten.CopysignTensor.Call(this, other);
        public Tensor logaddexp(Tensor other) => Aten.Logaddexp.Call(this, other);
        public Tensor logaddexp2(Tensor other) => Aten.Logaddexp2.Call(this, other);
        public Tensor xlogy(Scalar y) => Aten.XlogyScalarOther.Call(this, y);
        public Tensor xlogy(Tensor y) => Aten.XlogyTensor.Call(this, y);
        public Tensor xlogy_(Scalar y) => Aten.XlogyInPlaceScalarOther.CallInPlace(this, y);
        public Tensor xlogy_(Tensor y) => Aten.XlogyInPlaceTensor.CallInPlace(this, y);
    }

    public static Tensor add(Tensor left, Scalar right) => left.add(right);
    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);
    public static Tensor add(Tensor left, Tensor right) => left.add(right);
    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);
    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);
    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);
    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);
    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);
    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);
    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);
    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);
    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);
    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);
    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);
    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);
    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);
    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);
    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);
    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);
    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);
    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);
    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);
    public static Tensor multiply_(Tensor left, Scalar right) => left.mul_(right);
    public static Tensor multiply_(Tensor left, Tensor right) => left.mul_(right);
    public static Tensor neg(Tensor input) => input.neg();
    public static Tensor neg_(Tensor input) => input.neg_();
    public static Tensor negative(Tensor input) => input.negative();
    public static Tensor negative_(Tensor input) => input.neg_();
    public static Tensor positive(Tensor input) => input.positive();
    public static Tensor square(Tensor input) => input.square();
    public static Tensor reciprocal(Tensor input) => input.reciprocal();
    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();
    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);
    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);
    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);
    public static Tensor pow_(Tensor left, Tensor exponent) => left.pow_(exponent);
    public static Tensor float_power(Tensor input, Tensor target) => input.float_power(target);
    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);
    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);
    public static Tensor remainder_(Tensor left, Scalar right) => left.remainder_(right);
    public static Tensor remainder_(Tensor left, Tensor right) => left.remainder_(right);
    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);
    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);
    public static Tensor fmod_(Tensor left, Scalar right) => left.fmod_(right);
    public static Tensor fmod_(Tensor left, Tensor right) => left.fmod_(right);
    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul(tensor1, tensor2, value);
    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul_(tensor1, tensor2, value);
    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv(tensor1, tensor2, value);
    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv_(tensor1, tensor2, value);
    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);
    public static Tensor hypot(Tensor left, Tensor right) => left.hypot(right);
    public static Tensor copysign(Tensor input, Tensor other) => input.copysign(other);
    public static Tensor logaddexp(Tensor left, Tensor right) => left.logaddexp(right);
    public static Tensor logaddexp2(Tensor left, Tensor right) => left.logaddexp2(right);
    public static Tensor xlogy(Tensor x, Scalar y) => x.xlogy(y);
    public static Tensor xlogy(Tensor x, Tensor y) => x.xlogy(y);
    public static Tensor xlogy_(Tensor x, Scalar y) => x.xlogy_(y);
    public static Tensor xlogy_(Tensor x, Tensor y) => x.xlogy_(y);
}

file static class Aten
{
    internal static readonly Op AddInPlaceScalar = new("aten::add_", "Scalar");
    internal static readonly Op AddInPlaceTensor = new("aten::add_", "Tensor");
    internal static readonly Op AddScalar = new("aten::add", "Scalar");
    internal static readonly Op AddTensor = new("aten::add", "Tensor");
    internal static readonly Op Addcdiv = new("aten::addcdiv");
    internal static readonly Op AddcdivInPlace = new("aten::addcdiv_");
    internal static readonly Op Addcmul = new("aten::addcmul");
    internal static readonly Op AddcmulInPlace = new("aten::addcmul_");
    internal static readonly Op CopysignTensor = new("aten::copysign", "Tensor");
    internal static readonly Op FloatPowerTensorTensor = new("aten::float_power", "Tensor_Tensor");
    internal static readonly Op FmodInPlaceScalar = new("aten::fmod_", "Scalar");
    internal static readonly Op FmodInPlaceTensor = new("aten::fmod_", "Tensor");
    internal static readonly Op FmodScalar = new("aten::fmod", "Scalar");
    internal static readonly Op FmodTensor = new("aten::fmod", "Tensor");
    internal static readonly Op Hypot = new("aten::hypot");
    internal static readonly Op LerpInPlaceTensor = new("aten::lerp_", "Tensor");
    internal static readonly Op LerpTensor = new("aten::lerp", "Tensor");
    internal static readonly Op Logaddexp = new("aten::logaddexp");
    internal static readonly Op Logaddexp2 = new("aten::logaddexp2");
    internal static readonly Op MulInPlaceScalar = new("aten::mul_", "Scalar");
    internal static readonly Op MulInPlaceTensor = new("aten::mul_", "Tensor");
    internal static readonly Op MulScalar = new("aten::mul", "Scalar");
    internal static readonly Op MulTensor = new("aten::mul", "Tensor");
    internal static readonly Op Neg = new("aten::neg");
    internal static readonly Op NegInPlace = new("aten::neg_");
    internal static readonly Op Negative = new("aten::negative");
    internal static readonly Op Positive = new("aten::positive");
    internal static readonly Op PowInPlaceScalar = new("aten::pow_", "Scalar");
    internal static readonly Op PowInPlaceTensor = new("aten::pow_", "Tensor");
    internal static readonly Op PowTensorScalar = new("aten::pow", "Tensor_Scalar");
    internal static readonly Op PowTensorTensor = new("aten::pow", "Tensor_Tensor");
    internal static readonly Op Reciprocal = new("aten::reciprocal");
    internal static readonly Op ReciprocalInPlace = new("aten::reciprocal_");
    internal static readonly Op RemainderInPlaceScalar = new("aten::remainder_", "Scalar");
    internal static readonly Op RemainderInPlaceTensor = new("aten::remainder_", "Tensor");
    internal static readonly Op RemainderScalar = new("aten::remainder", "Scalar");
    internal static readonly Op RemainderTensor = new("aten::remainder", "Tensor");
    internal static readonly Op Square = new("aten::square");
    internal static readonly Op SubInPlaceScalar = new("aten::sub_", "Scalar");
    internal static readonly Op SubInPlaceTensor = new("aten::sub_", "Tensor");
    internal static readonly Op SubScalar = new("aten::sub", "Scalar");
    internal static readonly Op SubTensor = new("aten::sub", "Tensor");
    internal static readonly Op XlogyInPlaceScalarOther = new("aten::xlogy_", "Scalar_Other");
    internal static readonly Op XlogyInPlaceTensor = new("aten::xlogy_", "Tensor");
    internal static readonly Op XlogyScalarOther = new("aten::xlogy", "Scalar_Other");
    internal static readonly Op XlogyTensor = new("aten::xlogy", "Tensor");
}
