using AdaQat.Search;
using static TorchSharp.torch;

namespace AdaQat.Studies.ChannelSettings;

/// <summary>
/// Two layers whose default channels are a bad choice: the first has too few for what it has to tell apart, the second more than it needs.
/// </summary>
internal sealed class StarvedNetwork : nn.Module<Tensor, Tensor>
{
    public const int Inputs = 24;
    public const int Classes = 10;
    public const string First = "first";
    public const string Second = "second";

    private readonly nn.Module<Tensor, Tensor> body;

    public StarvedNetwork(ChannelPlan channels)
        : base(nameof(StarvedNetwork))
    {
        ArgumentNullException.ThrowIfNull(channels);
        var (first, second) = (channels[First, 8], channels[Second, 48]);
        body = nn.Sequential(
            nn.Linear(Inputs, first, hasBias: false), nn.BatchNorm1d(first), nn.ReLU(),
            nn.Linear(first, second, hasBias: false), nn.BatchNorm1d(second), nn.ReLU(),
            nn.Linear(second, Classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => body.call(input);
}
