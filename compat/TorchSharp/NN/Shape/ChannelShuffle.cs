using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Interleaves the channels of groups.</summary>
public sealed class ChannelShuffle : ParameterLessModule<Tensor, Tensor>
{
    private static readonly Op Shuffle = new("aten::channel_shuffle");

    internal ChannelShuffle(long groups) : base(nameof(ChannelShuffle)) => this.groups = groups;

    public long groups { get; set; }

    public override Tensor forward(Tensor tensor) => Shuffle.Call(tensor, groups);
}
