using TorchSharp.Interop;

namespace TorchSharp;

// Elements chosen by a condition.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor where(Tensor condition, Tensor y) => Aten.WhereSelf.Call(condition, this, y);
        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.MaskedFillScalar.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.MaskedFillInPlaceScalar.CallInPlace(this, mask, value);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.MaskedScatter.Call(this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Aten.MaskedScatterInPlace.CallInPlace(this, mask, value);
        public Tensor masked_select(Tensor mask) => Aten.MaskedSelect.Call(this, mask);
        public Tensor nonzero() => Aten.Nonzero.Call(this);
        public Tensor argwhere() => Aten.Argwhere.Call(this);
        public Tensor tril(long diagonal = 0) => Aten.Tril.Call(this, diagonal);
        public Tensor tril_(long diagonal = 0) => Aten.TrilInPlace.CallInPlace(this, diagonal);
        public Tensor triu(long diagonal = 0) => Aten.Triu.Call(this, diagonal);
        public Tensor triu_(long diagonal = 0) => Aten.TriuInPlace.CallInPlace(this, diagonal);

        public IList<Tensor> nonzero_as_list() => Aten.NonzeroNumpy.CallList(this);
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Aten.WhereSelf.Call(condition, x, y);
    public static Tensor[] where(Tensor condition) => Aten.Where.CallList(condition);
    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);
    public static Tensor nonzero(Tensor input) => input.nonzero();
    public static Tensor argwhere(Tensor input) => input.argwhere();
    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);
    public static Tensor tril_(Tensor input, long diagonal = 0) => input.tril_(diagonal);
    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);
    public static Tensor triu_(Tensor input, long diagonal = 0) => input.triu_(diagonal);

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device device = null)
        => Aten.TrilIndices.Call(row, col, offset, Value.Type(dtype), Value.None, Value.Device(device), Value.None);
    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device device = null)
        => Aten.TriuIndices.Call(row, col, offset, Value.Type(dtype), Value.None, Value.Device(device), Value.None);
}

file static class Aten
{
    internal static readonly Op Argwhere = new("aten::argwhere");
    internal static readonly Op MaskedFillInPlaceScalar = new("aten::masked_fill_", "Scalar");
    internal static readonly Op MaskedFillScalar = new("aten::masked_fill", "Scalar");
    internal static readonly Op MaskedScatter = new("aten::masked_scatter");
    internal static readonly Op MaskedScatterInPlace = new("aten::masked_scatter_");
    internal static readonly Op MaskedSelect = new("aten::masked_select");
    internal static readonly Op Nonzero = new("aten::nonzero");
    internal static readonly Op NonzeroNumpy = new("aten::nonzero_numpy");
    internal static readonly Op Tril = new("aten::tril");
    internal static readonly Op TrilInPlace = new("aten::tril_");
    internal static readonly Op TrilIndices = new("aten::tril_indices");
    internal static readonly Op Triu = new("aten::triu");
    internal static readonly Op TriuInPlace = new("aten::triu_");
    internal static readonly Op TriuIndices = new("aten::triu_indices");
    internal static readonly Op Where = new("aten::where");
    internal static readonly Op WhereSelf = new("aten::where", "self");
}
