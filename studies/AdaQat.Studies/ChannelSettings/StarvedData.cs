using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Studies.ChannelSettings;

/// <summary>
/// Points whose class a network with 24 ReLUs and four sums of them decides: more features than eight channels tell apart.
/// </summary>
internal sealed class StarvedData : IDisposable
{
    public const int BatchSize = 32;
    private const int Half = 3136;
    private const int Tested = 4000;
    private const int Sums = 4;

    private readonly Tensor _points;
    private readonly Tensor _classes;

    public StarvedData()
    {
        using var scope = NewDisposeScope();
        var random = new Generator(11);
        var points = randn([(2 * Half) + Tested, StarvedNetwork.Inputs], generator: random);
        var features = randn([StarvedNetwork.Inputs, StarvedNetwork.Inputs], generator: random);
        var sums = randn([StarvedNetwork.Inputs, Sums], generator: random);
        var scores = randn([Sums, StarvedNetwork.Classes], generator: random);
        var hidden = points.matmul(features).relu().matmul(sums);
        var spread = (hidden - hidden.mean([0])) / hidden.std(0);
        (_points, _classes) = (points.DetachFromDisposeScope(), spread.matmul(scores).argmax(1).DetachFromDisposeScope());
    }

    /// <summary>The halves of the training data, or all of them.</summary>
    public IBatchSource<Batch> Train(int from, int halves, long seed) => IndexedBatches.Shuffled(
        _points.narrow(0, from * Half, halves * Half), _classes.narrow(0, from * Half, halves * Half), BatchSize, seed);

    public IBatchSource<Batch> Test() => IndexedBatches.InOrder(
        _points.narrow(0, 2 * Half, Tested), _classes.narrow(0, 2 * Half, Tested), Tested);

    public void Dispose()
    {
        _points.Dispose();
        _classes.Dispose();
    }
}
