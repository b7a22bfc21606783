using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op EqualOp = new("aten::equal");

        /// <summary>Whether shapes and all elements agree. The hash is the object's, so a dictionary tells tensors apart by identity first.</summary>
        public override bool Equals(object obj) => obj is Tensor other && Equals(other);

        public bool Equals(Tensor target) => target is not null && EqualOp.CallBool(this, target);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
