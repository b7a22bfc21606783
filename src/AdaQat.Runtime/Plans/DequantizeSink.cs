namespace AdaQat.Runtime;

/// <summary>Integers become floats.</summary>
internal sealed unsafe class DequantizeSink(Slot slot, DequantizeNode node, int channels) : Sink(slot)
{
    public override void Take(RunState state, int first, int count, int* tile, int stride)
    {
        ReadOnlySpan<double> scales = node.Scales, biases = node.Biases;
        var into = (float*)state.At(Slot) + ((long)first * channels);
        for (var pixel = 0; pixel < count; pixel++, into += channels, tile += stride)
        {
            for (var c = 0; c < channels; c++)
            {
                var i = scales.Length == 1 ? 0 : c;
                var product = tile[c] * scales[i];
                into[c] = (float)(product + biases[i]);
            }
        }
    }
}
