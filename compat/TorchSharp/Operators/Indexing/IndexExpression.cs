using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Operators.Indexing;

/// <summary>
/// An indexing expression applied to a tensor. What numbers, slices and new axes select is a view; tensors of positions and masks are left
/// for <c>aten::index</c>, each at the dimension of the view it belongs to, as torch's own indexing does.
/// </summary>
internal sealed class IndexExpression : IDisposable
{
    private static readonly Op Alias = new("aten::alias");
    private static readonly Op SliceOp = new("aten::slice", "Tensor");
    private static readonly Op Index = new("aten::index", "Tensor");
    private static readonly Op IndexPut = new("aten::index_put_");

    private readonly Tensor source;
    private readonly List<Tensor> positions = [];
    private readonly List<Tensor> made = [];
    private Tensor view;

    internal IndexExpression(Tensor source, TensorIndex[] indices)
    {
        this.source = source;
        view = source;
        var dim = 0L;
        foreach (var index in indices) dim = Apply(index, dim, indices);
    }

    /// <summary>The elements: a view where the expression allows it, else a copy.</summary>
    internal Tensor Get()
    {
        if (positions.Count > 0) return Index.Call(view, Value.OptionalTensors(positions.ToArray()));
        return Alias.Call(view);
    }

    /// <summary>Writes a value, broadcast to the selected elements.</summary>
    internal void Set(Tensor value, bool accumulate)
    {
        using var fitting = WithoutLeadingOnes(value);
        if (positions.Count > 0) IndexPut.CallInPlace(view, Value.OptionalTensors(positions.ToArray()), fitting, accumulate);
        else if (accumulate) view.add_(fitting);
        else view.copy_(fitting);
    }

    public void Dispose()
    {
        foreach (var tensor in made) tensor.Dispose();
    }

    private long Apply(TensorIndex index, long dim, TensorIndex[] all)
    {
        switch (index.kind)
        {
            case TensorIndex.Kind.Single:
                Show(view.select(dim, index.start.GetValueOrDefault()));
                return dim;
            case TensorIndex.Kind.Tensor when IsNumber(index.tensor):
                Show(view.select(dim, Number(index.tensor)));
                return dim;
            case TensorIndex.Kind.Tensor when index.tensor.dim() == 0:
                return ApplyTruth(Number(index.tensor) != 0, dim);
            case TensorIndex.Kind.Tensor:
                Place(dim, index.tensor);
                return dim + 1;
            case TensorIndex.Kind.Bool:
                return ApplyTruth(index.truth, dim);
            case TensorIndex.Kind.Ellipsis:
                return dim + source.dim() - all.Sum(Dimensions);
            case TensorIndex.Kind.Slice:
                Show(SliceOp.Call(view, dim, Value.Optional(index.start), Value.Optional(index.stop), index.step ?? 1));
                return dim + 1;
            default:
                Show(view.unsqueeze(dim));
                return dim + 1;
        }
    }

    // True keeps everything and false nothing, along a new dimension.
    private long ApplyTruth(bool truth, long dim)
    {
        Show(view.unsqueeze(dim));
        var chosen = zeros(truth ? 1 : 0, dtype: ScalarType.Int64, device: source.device);
        made.Add(chosen);
        Place(dim, chosen);
        return dim + 1;
    }

    private void Show(Tensor next)
    {
        made.Add(next);
        view = next;
    }

    private void Place(long dim, Tensor tensor)
    {
        while (positions.Count < dim) positions.Add(null);
        positions.Add(tensor);
    }

    private static bool IsMask(Tensor tensor) => tensor.dtype is ScalarType.Bool or ScalarType.Byte;

    private static bool IsNumber(Tensor tensor) => tensor.dim() == 0 && !IsMask(tensor);

    private static long Number(Tensor tensor)
    {
        using var number = tensor.to_type(ScalarType.Int64);
        return number.item<long>();
    }

    /// <summary>How many dimensions of the source an entry stands for.</summary>
    private static long Dimensions(TensorIndex index) => index.kind switch
    {
        TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
        TensorIndex.Kind.Tensor => IsMask(index.tensor) ? index.tensor.dim() : 1,
        _ => 0,
    };

    private static Tensor WithoutLeadingOnes(Tensor value)
    {
        var shape = value.shape;
        var ones = 0;
        while (ones < shape.Length && shape[ones] == 1) ones++;
        return ones == 0 ? Alias.Call(value) : value.reshape(shape[ones..]);
    }
}
