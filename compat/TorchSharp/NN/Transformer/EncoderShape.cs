using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Sizes and options of one encoder layer.</summary>
internal readonly record struct EncoderShape(long Size, long Heads, long Inner, double Dropout, nn.Activations Activation);
