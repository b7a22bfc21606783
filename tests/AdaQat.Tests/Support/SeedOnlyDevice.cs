using AdaQat.Isolation;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>
/// A device whose generator can be seeded and drawn from but not read, as CUDA's in TorchSharp 0.107, and a dropout that draws from it.
/// </summary>
internal sealed class SeedOnlyDevice : IDisposable
{
    private readonly Generator _generator;

    public SeedOnlyDevice(long seed) => _generator = new Generator((ulong)seed);

    /// <summary>The masks that were drawn, in order.</summary>
    public List<byte[]> Masks { get; } = [];

    /// <summary>How often it was seeded.</summary>
    public List<long> Seeds { get; } = [];

    /// <summary>What a model on it draws from.</summary>
    public IRandomSource Source() => new SeededRandom("random.fake", DeviceType.CPU, Draw, Seed);

    /// <summary>The generators of a model that has a dropout there.</summary>
    public ModelRandom RandomOf(nn.Module model) => new(model, [new CpuRandom(), Source()]);

    /// <summary>Leaves out half of the elements.</summary>
    public Tensor Drop(Tensor input)
    {
        using var scope = NewDisposeScope();
        var mask = rand(input.shape, generator: _generator).lt(0.5).to(input.dtype);
        Masks.Add(Bits.Of(mask));
        return (input * mask).MoveToOuterDisposeScope();
    }

    public long Draw()
    {
        using var number = randint(0, 1L << 62, [1L], dtype: ScalarType.Int64, generator: _generator);
        return number.item<long>();
    }

    public void Dispose() => _generator.Dispose();

    private void Seed(long seed)
    {
        Seeds.Add(seed);
        _generator.manual_seed(seed);
    }
}
