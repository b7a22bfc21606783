namespace AdaQat.Runtime;

/// <summary>Integers become codes.</summary>
internal sealed unsafe class RequantizeSink(Slot slot, KernelKind kind, CodeRules rules, int channels) : Sink(slot)
{
    public override void Take(RunState state, int first, int count, int* tile, int stride) =>
        rules.Run(kind, tile, stride, count, state.At(Slot) + ((long)first * channels));
}
