using TorchSharp.Interop;

namespace TorchSharp;

// Broadcast and repeated shapes, flips, rolls and rotations.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Expand.Call(this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Aten.Expand.Call(this, sizes.ToArray(), isImplicit);
        public Tensor expand(Size sizes, bool isImplicit = false) => Aten.Expand.Call(this, sizes.Shape, isImplicit);
        public Tensor expand(params long[] sizes) => Aten.Expand.Call(this, sizes, false);
        public Tensor expand_as(Tensor other) => Aten.ExpandAs.Call(this, other);
        public Tensor broadcast_to(params long[] shape) => Aten.BroadcastTo.Call(this, shape);
        public Tensor repeat(params long[] sizes) => Aten.Repeat.Call(this, sizes);
        public Tensor tile(long[] reps) => Aten.Tile.Call(this, reps);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
            => Aten.RepeatInterleaveSelfInt.Call(this, repeats, Value.Optional(dim), Value.Optional(output_size));

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
            => Aten.RepeatInterleaveSelfTensor.Call(this, repeats, Value.Optional(dim), Value.Optional(output_size));

        public Tensor flip(params long[] dims) => Aten.Flip.Call(this, dims);
        public Tensor fliplr() => Aten.Fliplr.Call(this);
        public Tensor flipud() => Aten.Flipud.Call(this);

        public Tensor roll(long shifts, long? dims = null)
            => Aten.Roll.Call(this, new[] { shifts }, dims is long d ? new[] { d } : Array.Empty<long>());

        public Tensor roll(long[] shifts) => Aten.Roll.Call(this, shifts, Array.Empty<long>());
        public Tensor roll(long[] shifts, long[] dims) => Aten.Roll.Call(this, shifts, dims);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => roll(shifts.ToArray(), dims.ToArray());

        public Tensor roll((long, long) shifts, (long, long) dims)
            => roll(new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });

        public Tensor rot90(long k = 1, (long, long)? dims = null)
            => Aten.Rot90.Call(this, k, dims is (long, long) d ? new[] { d.Item1, d.Item2 } : new[] { 0L, 1L });
    }

    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);
    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);

    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null)
        => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null)
        => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);
    public static Tensor fliplr(Tensor input) => input.fliplr();
    public static Tensor flipud(Tensor input) => input.flipud();
    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);
    public static Tensor roll(Tensor input, long[] shifts) => input.roll(shifts);
    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);
    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => input.roll(shifts, dims);
    public static Tensor roll(Tensor input, (long, long) shifts, (long, long) dims) => input.roll(shifts, dims);
    public static Tensor rot90(Tensor input, long k = 1, (long, long)? dims = null) => input.rot90(k, dims);
}

file static class Aten
{
    internal static readonly Op BroadcastTo = new("aten::broadcast_to");
    internal static readonly Op Expand = new("aten::expand");
    internal static readonly Op ExpandAs = new("aten::expand_as");
    internal static readonly Op Flip = new("aten::flip");
    internal static readonly Op Fliplr = new("aten::fliplr");
    internal static readonly Op Flipud = new("aten::flipud");
    internal static readonly Op Repeat = new("aten::repeat");
    internal static readonly Op RepeatInterleaveSelfInt = new("aten::repeat_interleave", "self_int");
    internal static readonly Op RepeatInterleaveSelfTensor = new("aten::repeat_interleave", "self_Tensor");
    internal static readonly Op Roll = new("aten::roll");
    internal static readonly Op Rot90 = new("aten::rot90");
    internal static readonly Op Tile = new("aten::tile");
}
