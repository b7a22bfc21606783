using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Inference;

/// <summary>The network in float32 by libtorch, as TorchSharp runs it: without gradient, in inference mode.</summary>
internal sealed class TorchContestant : Contestant
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _images;
    private readonly int _threads;
    private float[] _scores = [];

    public TorchContestant(nn.Module<Tensor, Tensor> model, float[] images, long[] shape, int threads)
    {
        (_model, _threads) = (model, threads);
        _images = tensor(images, shape);
    }

    public override string Title => "libtorch, float32";

    public override float[] Scores => _scores;

    public override void Run()
    {
        if (get_num_threads() != _threads)
        {
            set_num_threads(_threads);
        }

        using var inference = inference_mode();
        using var scores = _model.call(_images);
        if (_scores.Length == 0)
        {
            _scores = scores.data<float>().ToArray();
        }
    }

    /// <summary>The model is its maker's.</summary>
    public override void Dispose() => _images.Dispose();
}
