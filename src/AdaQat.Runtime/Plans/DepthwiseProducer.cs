namespace AdaQat.Runtime;

/// <summary>A depthwise convolution's accumulators.</summary>
internal sealed unsafe class DepthwiseProducer : Producer
{
    private readonly LayerPlaces _places;
    private readonly DepthwiseLayer _layer;
    private readonly KernelKind _kind;

    public DepthwiseProducer(LayerShape shape, LayerPlaces places, IntegerWeights weights, Codes codes, KernelKind kind)
        : base(shape.Pixels, shape.Outputs)
    {
        (_places, _kind, Work) = (places, kind, shape.Macs);
        _layer = new([.. Enumerable.Range(0, shape.Taps).Select(places.Start)], shape.Channels,
            (channel, tap) => weights.Integer(channel, places.WeightTap(tap)), Constants.Of(weights, codes), shape.MostByte(codes));
    }

    public override IEnumerable<Slot> Slots => _places.Slots;

    public override long Work { get; }

    public override long WeightBytes => _layer.Bytes;

    public override void Prepare(RunState state) => _places.Image?.Make(state);

    public override void Fill(RunState state, int first, int count, int* tile) =>
        _layer.Run(_kind, _places.Address(state), _places.Bases.Pointer + first, count, tile, Stride);
}
