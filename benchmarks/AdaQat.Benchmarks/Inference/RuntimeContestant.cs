using AdaQat.Runtime;

namespace AdaQat.Benchmarks.Inference;

/// <summary>AdaQat.Runtime.</summary>
internal sealed class RuntimeContestant : Contestant
{
    private readonly IntegerContext _context;

    public RuntimeContestant(string bits, IntegerModel model, float[] images, int batch, int threads)
    {
        Title = $"AdaQat.Runtime, {bits}";
        _context = model.CreateContext(batch, threads);
        images.CopyTo(_context.FloatInput());
    }

    public override string Title { get; }

    public override float[] Scores => _context.Output().ToArray();

    public override void Run() => _context.Run(_context.Batch);

    public override void Dispose() => _context.Dispose();
}
