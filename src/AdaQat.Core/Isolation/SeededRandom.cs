using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>
/// The generator of a device that can be seeded but not read, as CUDA's in TorchSharp 0.107. Its numbers repeat from where it was seeded,
/// so it is seeded wherever they may have to be repeated: the seeds follow from one number, drawn from the generator itself, and a count.
/// </summary>
/// <remarks>A user's own seed therefore still decides what is drawn, and torch's default generator is left alone.</remarks>
/// <param name="name">The name of its mark in a checkpoint.</param>
/// <param name="device">The type of the devices whose generators it seeds.</param>
/// <param name="draw">Draws a number from one of them.</param>
/// <param name="seed">Seeds all of them.</param>
internal sealed class SeededRandom(string name, DeviceType device, Func<long> draw, Action<long> seed) : IRandomSource
{
    /// <summary>Room for the marks of a step: one for each of its forwards.</summary>
    private const int MarksPerStep = 1 << 20;

    private readonly Lock _lock = new();
    private long? _stream;
    private long _marks;

    public string Name => name;

    public static SeededRandom Cuda() => new("random.cuda", DeviceType.CUDA, DrawOnCuda, cuda.manual_seed_all);

    public bool Serves(nn.Module model) => model.parameters().Any(p => p.device_type == device);

    public Tensor Mark()
    {
        lock (_lock)
        {
            _stream ??= draw();
            _marks++;
            var mark = MarkOf(isPause: false);
            Repeat(mark);
            return mark;
        }
    }

    /// <summary>
    /// Makes no mark that would shift the later ones: a resumed run pauses once more than the uninterrupted one, to check its closure.
    /// </summary>
    public Tensor Pause()
    {
        // Backward passes of several devices run at once.
        lock (_lock)
        {
            _stream ??= draw();
            return MarkOf(isPause: true);
        }
    }

    public void Repeat(Tensor mark)
    {
        var numbers = mark.data<long>();
        seed(SeedOf(numbers[0], numbers[1], numbers[2]));
    }

    public void Resume(Tensor mark)
    {
        var numbers = mark.data<long>();
        lock (_lock)
        {
            (_stream, _marks) = (numbers[0], numbers[1]);
        }

        Repeat(mark);
    }

    /// <summary>A save between two steps makes a mark of its own, which must not shift those of the steps behind it.</summary>
    public void BeginStep(long step)
    {
        lock (_lock)
        {
            _marks = step * MarksPerStep;
        }
    }

    private Tensor MarkOf(bool isPause) => tensor([_stream!.Value, _marks, isPause ? 1 : 0], dtype: ScalarType.Int64);

    private static long DrawOnCuda()
    {
        using var scope = NewDisposeScope();
        return randint(0, 1L << 62, [1L], dtype: ScalarType.Int64, device: CUDA).cpu().item<long>();
    }

    /// <summary>Neighbours must have seeds that are far apart: SplitMix64's finalizer (Steele et al. 2014).</summary>
    private static long SeedOf(long stream, long mark, long branch)
    {
        var bits = unchecked((ulong)stream + (((2 * (ulong)mark) + (ulong)branch) * 0x9E3779B97F4A7C15));
        bits = unchecked((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9);
        bits = unchecked((bits ^ (bits >> 27)) * 0x94D049BB133111EB);
        return (long)((bits ^ (bits >> 31)) >> 1);
    }
}
