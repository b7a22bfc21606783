using TorchSharp.Interop;

namespace TorchSharp;

// Boolean and bitwise operators.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor logical_and(Tensor other) => Aten.LogicalAnd.Call(this, other);
        public Tensor logical_and_(Tensor other) => Aten.LogicalAndInPlace.CallInPlace(this, other);
        public Tensor logical_or(Tensor other) => Aten.LogicalOr.Call(this, other);
        public Tensor logical_or_(Tensor other) => Aten.LogicalOrInPlace.CallInPlace(this, other);
        public Tensor logical_xor(Tensor other) => Aten.LogicalXor.Call(this, other);
        public Tensor logical_xor_(Tensor other) => Aten.LogicalXorInPlace.CallInPlace(this, other);
        public Tensor logical_not() => Aten.LogicalNot.Call(this);
        public Tensor logical_not_() => Aten.LogicalNotInPlace.CallInPlace(this);
        public Tensor bitwise_and(Tensor other) => Aten.BitwiseAndTensor.Call(this, other);
        public Tensor bitwise_and_(Tensor other) => Aten.BitwiseAndInPlaceTensor.CallInPlace(this, other);
        public Tensor bitwise_or(Tensor other) => Aten.BitwiseOrTensor.Call(this, other);
        public Tensor bitwise_or_(Tensor other) => Aten.BitwiseOrInPlaceTensor.CallInPlace(this, other);
        public Tensor bitwise_xor(Tensor other) => Aten.BitwiseXorTensor.Call(this, other);
        public Tensor bitwise_xor_(Tensor other) => Aten.BitwiseXorInPlaceTensor.CallInPlace(this, other);
        public Tensor bitwise_not() => Aten.BitwiseNot.Call(this);
        public Tensor bitwise_not_() => Aten.BitwiseNotInPlace.CallInPlace(this);
        public Tensor bitwise_left_shift(Tensor other) => Aten.BitwiseLeftShiftTensor.Call(this, other);
        public Tensor bitwise_left_shift_(Tensor other) => Aten.BitwiseLeftShiftInPlaceTensor.CallInPlace(this, other);
        public Tensor bitwise_right_shift(Tensor other) => Aten.BitwiseRightShiftTensor.Call(this, other);
        public Tensor bitwise_right_shift_(Tensor other) => Aten.BitwiseRightShiftInPlaceTensor.CallInPlace(this, other);
    }

    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);
    public static Tensor logical_and_(Tensor left, Tensor right) => left.logical_and_(right);
    public static Tensor logical_or(Tensor left, Tensor right) => left.logical_or(right);
    public static Tensor logical_or_(Tensor left, Tensor right) => left.logical_or_(right);
    public static Tensor logical_xor(Tensor left, Tensor right) => left.logical_xor(right);
    public static Tensor logical_xor_(Tensor left, Tensor right) => left.logical_xor_(right);
    public static Tensor logical_not(Tensor input) => input.logical_not();
    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);
    public static Tensor bitwise_and_(Tensor left, Tensor right) => left.bitwise_and_(right);
    public static Tensor bitwise_or(Tensor left, Tensor right) => left.bitwise_or(right);
    public static Tensor bitwise_or_(Tensor left, Tensor right) => left.bitwise_or_(right);
    public static Tensor bitwise_xor(Tensor left, Tensor right) => left.bitwise_xor(right);
    public static Tensor bitwise_xor_(Tensor left, Tensor right) => left.bitwise_xor_(right);
    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();
    public static Tensor bitwise_not_(Tensor input) => input.bitwise_not_();
    public static Tensor bitwise_left_shift(Tensor left, Tensor right) => left.bitwise_left_shift(right);
    public static Tensor bitwise_left_shift_(Tensor left, Tensor right) => left.bitwise_left_shift_(right);
    public static Tensor bitwise_right_shift(Tensor left, Tensor right) => left.bitwise_right_shift(right);
    public static Tensor bitwise_right_shift_(Tensor left, Tensor right) => left.bitwise_right_shift_(right);
}

file static class Aten
{
    internal static readonly Op BitwiseAndInPlaceTensor = new("aten::bitwise_and_", "Tensor");
    internal static readonly Op BitwiseAndTensor = new("aten::bitwise_and", "Tensor");
    internal static readonly Op BitwiseLeftShiftInPlaceTensor = new("aten::bitwise_left_shift_", "Tensor");
    internal static readonly Op BitwiseLeftShiftTensor = new("aten::bitwise_left_shift", "Tensor");
    internal static readonly Op BitwiseNot = new("aten::bitwise_not");
    internal static readonly Op BitwiseNotInPlace = new("aten::bitwise_not_");
    internal static readonly Op BitwiseOrInPlaceTensor = new("aten::bitwise_or_", "Tensor");
    internal static readonly Op BitwiseOrTensor = new("aten::bitwise_or", "Tensor");
    internal static readonly Op BitwiseRightShiftInPlaceTensor = new("aten::bitwise_right_shift_", "Tensor");
    internal static readonly Op BitwiseRightShiftTensor = new("aten::bitwise_right_shift", "Tensor");
    internal static readonly Op BitwiseXorInPlaceTensor = new("aten::bitwise_xor_", "Tensor");
    internal static readonly Op BitwiseXorTensor = new("aten::bitwise_xor", "Tensor");
    internal static readonly Op LogicalAnd = new("aten::logical_and");
    internal static readonly Op LogicalAndInPlace = new("aten::logical_and_");
    internal static readonly Op LogicalNot = new("aten::logical_not");
    internal static readonly Op LogicalNotInPlace = new("aten::logical_not_");
    internal static readonly Op LogicalOr = new("aten::logical_or");
    internal static readonly Op LogicalOrInPlace = new("aten::logical_or_");
    internal static readonly Op LogicalXor = new("aten::logical_xor");
    internal static readonly Op LogicalXorInPlace = new("aten::logical_xor_");
}
