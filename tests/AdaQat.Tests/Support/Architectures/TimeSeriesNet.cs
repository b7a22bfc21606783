using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>
/// A dilated 1-D convolution network for time series, with residual blocks in a list and a transposed convolution for a forecast.
/// </summary>
internal sealed class TimeSeriesNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv1d enter = nn.Conv1d(2, 8, 3, padding: 1);
    private readonly ModuleList<Block> blocks = nn.ModuleList(new Block(8, 1), new Block(8, 2), new Block(8, 4));
    private readonly ConvTranspose1d up = nn.ConvTranspose1d(8, 4, 4, stride: 2, padding: 1);
    private readonly Conv1d leave = nn.Conv1d(4, 1, 1);

    public TimeSeriesNet()
        : base(nameof(TimeSeriesNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = enter.call(input);
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return leave.call(nn.functional.leaky_relu(up.call(x), 0.1));
    }

    internal sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv1d conv;
        private readonly BatchNorm1d norm;

        public Block(long channels, long dilation)
            : base(nameof(Block))
        {
            conv = nn.Conv1d(channels, channels, 3, padding: dilation, dilation: dilation);
            norm = nn.BatchNorm1d(channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => nn.functional.gelu(norm.call(conv.call(input))) + input;
    }
}
