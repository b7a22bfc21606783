using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>Eval mode for the life of the object; afterwards every module is in the mode it was in, mixed ones too.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _modes;

    public EvaluationMode(nn.Module model)
    {
        _modes = model.named_modules().Select(m => m.module).Prepend(model).Select(m => (m, m.training)).ToList();
        model.eval();
    }

    /// <summary>Parents come before their children, so that a child's own mode is set last.</summary>
    public void Dispose()
    {
        foreach (var (module, training) in _modes)
        {
            if (module.training != training)
            {
                module.train(training);
            }
        }
    }
}
