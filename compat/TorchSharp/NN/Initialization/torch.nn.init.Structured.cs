using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            private static readonly Op Qr = new("aten::linalg_qr");

            /// <summary>The identity matrix.</summary>
            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.ndim != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                return Filled(tensor, target =>
                {
                    using var identity = eye(target.size(0), target.size(1), target.dtype, target.device);
                    target.copy_(identity);
                });
            }

            /// <summary>A convolution weight that hands each channel on unchanged, as far as there are channels on both sides.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length is < 3 or > 5) throw new ArgumentException("Only tensors with 3, 4, or 5 dimensions are supported");
                return Filled(tensor, target =>
                {
                    using var scope = NewDisposeScope();
                    target.zero_();
                    for (var channel = 0L; channel < Math.Min(shape[0], shape[1]); channel++)
                    {
                        var element = target.select(0, channel).select(0, channel);
                        foreach (var size in shape[2..]) element = element.select(0, size / 2);
                        element.fill_(1);
                    }
                });
            }

            /// <summary>A matrix with orthonormal rows or columns, whichever are fewer: the Q of a random matrix, signs fixed by R's diagonal.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException("Only tensors with 2 or more dimensions are supported");
                return Filled(tensor, target =>
                {
                    using var scope = NewDisposeScope();
                    var (rows, columns) = (shape[0], target.numel() / shape[0]);
                    var random = randn(rows, columns, dtype: target.dtype, device: target.device);
                    if (rows < columns) random = random.t();
                    var (q, r) = Qr.Call2(random, "reduced");
                    q.mul_(r.diag().sign());
                    if (rows < columns) q = q.t();
                    target.view_as(q).copy_(q);
                    target.mul_(gain);
                });
            }

            /// <summary>A normally distributed matrix in which a share of each column's elements is zero.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                if (tensor.ndim != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                return Filled(tensor, target =>
                {
                    using var scope = NewDisposeScope();
                    var (rows, columns) = (target.size(0), target.size(1));
                    var zeros = (long)Math.Ceiling(sparsity * rows);
                    target.normal_(0, std);
                    for (var column = 0L; column < columns; column++)
                        target.select(1, column).index_fill_(0, randperm(rows, device: target.device).narrow(0, 0, zeros), 0);
                });
            }
        }
    }
}
