using AdaQat.Graph;
using Microsoft.ML.OnnxRuntime;

namespace AdaQat.Tests.Support;

/// <summary>A file that stays loaded in ONNX Runtime.</summary>
internal sealed class OnnxProgram(InferenceSession session) : IDisposable
{
    /// <summary>All outputs by name, of one input.</summary>
    public IReadOnlyDictionary<string, GraphTensor> Run(GraphTensor input) => OnnxRun.Run(session, [input]);

    public void Dispose() => session.Dispose();
}
