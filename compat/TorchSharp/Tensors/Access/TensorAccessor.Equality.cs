using System.Runtime.CompilerServices;

namespace TorchSharp.Utils;

public sealed partial class TensorAccessor<T>
{
    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) =>
        left is null || right is null ? left is null && right is null : left.count == right.count && left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public override bool Equals(object obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
