using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>An LSTM, which stays in float, between a linear projection and a linear head.</summary>
internal sealed class LstmClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Linear project = nn.Linear(3, 6);
    private readonly LSTM lstm = nn.LSTM(6, 8, numLayers: 2, batchFirst: true, dropout: 0.1);
    private readonly Linear hidden = nn.Linear(8, 8);
    private readonly Linear head = nn.Linear(8, 4);

    public LstmClassifier()
        : base(nameof(LstmClassifier)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var (output, _, _) = lstm.call(project.call(input).tanh());
        return head.call(hidden.call(output[TensorIndex.Colon, -1]).relu());
    }
}
