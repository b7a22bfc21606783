namespace AdaQat.Runtime;

/// <summary>Integers change their scale.</summary>
internal sealed unsafe class RescaleSink(Slot slot, KernelKind kind, RescaleRules rules, int channels) : Sink(slot)
{
    public override void Take(RunState state, int first, int count, int* tile, int stride) =>
        rules.Run(kind, tile, stride, count, (int*)state.At(Slot) + ((long)first * channels));
}
