using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Shape, element type and device; the elements themselves are not read.</summary>
        public override string ToString()
        {
            if (IsInvalid) return "";
            var text = new StringBuilder(name);
            if (is_sparse) text.Append("sparse ");
            text.Append('[').AppendJoin('x', shape).Append(']');
            return text.Append($", type = {dtype}, device = {device}").ToString();
        }
    }
}

public static partial class TensorExtensionMethods
{
    public static string metastr(this torch.Tensor tensor) => tensor.ToString();
}
