using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Corrections;

/// <summary>A convolution or linear layer, with its weight as channels: [groups, output channels, input channels, kernel].</summary>
internal sealed class NetworkLayer
{
    private readonly long _groups;

    private NetworkLayer(string name, nn.Module<Tensor, Tensor> module, long groups, bool isTransposed) =>
        (Name, Module, _groups, IsTransposed) = (name, module, groups, isTransposed);

    public string Name { get; }

    public nn.Module<Tensor, Tensor> Module { get; }

    public bool IsTransposed { get; }

    public Tensor Weight => Module.get_parameter("weight")!;

    public Tensor? Bias => Module.get_parameter("bias");

    /// <summary>Output channels.</summary>
    public long Outputs => IsTransposed ? Weight.shape[1] * _groups : Weight.shape[0];

    /// <summary>Input channels, or features.</summary>
    public long Inputs => IsTransposed ? Weight.shape[0] : Weight.shape[1] * _groups;

    /// <summary>The dimension of an output that counts channels.</summary>
    public int ChannelAxis(Tensor output) => (int)output.dim() - 1 - (Module is Convolution ? (int)Weight.dim() - 2 : 0);

    /// <summary>The layer that a module is; null if it is of another kind.</summary>
    public static NetworkLayer? From(string name, nn.Module module) => module switch
    {
        Convolution convolution => new(name, convolution, convolution.groups, convolution.transposed),
        Linear linear => new(name, linear, groups: 1, isTransposed: false),
        _ => null,
    };

    /// <summary>The weight times a number for each output channel, in float64; the caller's.</summary>
    public Tensor ScaledOutputs(Tensor scale) => Scaled(scale.reshape(_groups, -1, 1, 1));

    /// <summary>The weight times a number for each input channel, in float64; the caller's.</summary>
    public Tensor ScaledInputs(Tensor scale) => Scaled(scale.reshape(_groups, 1, -1, 1));

    /// <summary>The weight [groups, output channels, input channels, kernel] in float64: a group has the channels of its own.</summary>
    public Tensor Channels() => AsChannels(Weight.detach().to(ScalarType.Float64));

    /// <summary>The same of a tensor of the weight's shape.</summary>
    public Tensor AsChannels(Tensor weight)
    {
        var channels = weight.reshape(_groups, weight.shape[0] / _groups, weight.shape[1], -1);
        return IsTransposed ? channels.transpose(1, 2) : channels;
    }

    /// <summary>The other way: a weight of the layer's own shape.</summary>
    public Tensor FromChannels(Tensor channels) => (IsTransposed ? channels.transpose(1, 2) : channels).reshape(Weight.shape);

    private Tensor Scaled(Tensor scale)
    {
        using var scope = NewDisposeScope();
        return FromChannels(Channels() * scale).MoveToOuterDisposeScope();
    }
}
