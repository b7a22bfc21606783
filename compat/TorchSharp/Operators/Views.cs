using TorchSharp.Interop;

namespace TorchSharp;

// The same elements under another shape: reshaping, squeezing, permuting.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Aten.View.Call(this, shape);
        public Tensor view_as(Tensor other) => Aten.ViewAs.Call(this, other);
        public Tensor reshape(params long[] shape) => Aten.Reshape.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.FlattenUsingInts.Call(this, start_dim, end_dim);
        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);
        public Tensor unflatten(long dim, params long[] sizes) => view(Unflattened(shape, dim, sizes));
        public Tensor ravel() => Aten.Ravel.Call(this);
        public Tensor squeeze(long? dim = null) => dim is long d ? Aten.SqueezeDim.Call(this, d) : Aten.Squeeze.Call(this);

        public Tensor squeeze_(long? dim = null)
            => dim is long d ? Aten.SqueezeInPlaceDim.CallInPlace(this, d) : Aten.SqueezeInPlace.CallInPlace(this);

        public Tensor unsqueeze(long dim) => Aten.Unsqueeze.Call(this, dim);
        public Tensor unsqueeze_(long dim) => Aten.UnsqueezeInPlace.CallInPlace(this, dim);
        public Tensor transpose(long dim0, long dim1) => Aten.TransposeInt.Call(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Aten.TransposeInPlace.CallInPlace(this, dim0, dim1);
        public Tensor t() => Aten.T.Call(this);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor permute(params long[] permutation) => Aten.Permute.Call(this, permutation);
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor movedim(long[] source, long[] destination) => Aten.MovedimIntlist.Call(this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);
        public Tensor unfold(long dimension, long size, long step) => Aten.Unfold.Call(this, dimension, size, step);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0)
            => Aten.AsStrided.Call(this, size, strides, storageOffset);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Diagonal.Call(this, offset, dim1, dim2);
        public Tensor diag(long diagonal = 0) => Aten.Diag.Call(this, diagonal);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Aten.DiagEmbed.Call(this, offset, dim1, dim2);
        public Tensor diagflat(long offset = 0) => Aten.Diagflat.Call(this, offset);

        public Tensor T => Aten.NumpyT.Call(this);
        public Tensor mT => transpose(-2, -1);

        private static long[] Unflattened(long[] shape, long dim, long[] sizes)
        {
            var at = (int)(dim < 0 ? dim + shape.Length : dim);
            return [.. shape[..at], .. sizes, .. shape[(at + 1)..]];
        }
    }

    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);
    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);
    public static Tensor unflatten(Tensor input, long dim, Size sizes) => input.unflatten(dim, sizes);
    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);
    public static Tensor ravel(Tensor input) => input.ravel();
    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);
    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);
    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);
    public static Tensor unsqueeze_(Tensor input, long dim) => input.unsqueeze_(dim);
    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);
    public static Tensor t(Tensor input) => input.t();
    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);
    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.swapaxes(axis0, axis1);
    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.swapdims(dim0, dim1);
    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim(new[] { source }, new[] { destination });
    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);
    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim(new[] { source }, new[] { destination });
    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) => input.moveaxis(source, destination);

    public static Tensor moveaxis(Tensor input, (long, long) source, (long, long) destination)
        => input.movedim(new[] { source.Item1, source.Item2 }, new[] { destination.Item1, destination.Item2 });

    public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal(offset, dim1, dim2);
    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);
    public static Tensor diag_embed(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) => input.diag_embed(offset, dim1, dim2);
    public static Tensor diagflat(Tensor input, long offset = 0) => input.diagflat(offset);
}

file static class Aten
{
    internal static readonly Op AsStrided = new("aten::as_strided");
    internal static readonly Op Diag = new("aten::diag");
    internal static readonly Op DiagEmbed = new("aten::diag_embed");
    internal static readonly Op Diagflat = new("aten::diagflat");
    internal static readonly Op Diagonal = new("aten::diagonal");
    internal static readonly Op FlattenUsingInts = new("aten::flatten", "using_ints");
    internal static readonly Op MovedimIntlist = new("aten::movedim", "intlist");
    internal static readonly Op NumpyT = new("aten::numpy_T");
    internal static readonly Op Permute = new("aten::permute");
    internal static readonly Op Ravel = new("aten::ravel");
    internal static readonly Op Reshape = new("aten::reshape");
    internal static readonly Op Squeeze = new("aten::squeeze");
    internal static readonly Op SqueezeDim = new("aten::squeeze", "dim");
    internal static readonly Op SqueezeInPlace = new("aten::squeeze_");
    internal static readonly Op SqueezeInPlaceDim = new("aten::squeeze_", "dim");
    internal static readonly Op T = new("aten::t");
    internal static readonly Op TransposeInPlace = new("aten::transpose_");
    internal static readonly Op TransposeInt = new("aten::transpose", "int");
    internal static readonly Op Unfold = new("aten::unfold");
    internal static readonly Op Unsqueeze = new("aten::unsqueeze");
    internal static readonly Op UnsqueezeInPlace = new("aten::unsqueeze_");
    internal static readonly Op View = new("aten::view");
    internal static readonly Op ViewAs = new("aten::view_as");
}
