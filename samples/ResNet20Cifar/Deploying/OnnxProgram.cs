using AdaQat.Graph;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ResNet20Cifar.Deploying;

/// <summary>An ONNX file with one input, loaded by ONNX Runtime.</summary>
public sealed class OnnxProgram : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="path">The file.</param>
    /// <param name="optimizes">Whether ONNX Runtime rewrites what it computes, as it does by default.</param>
    /// <param name="threads">How many threads compute.</param>
    public OnnxProgram(string path, bool optimizes = true, int threads = 1)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = optimizes ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new(path, options);
    }

    /// <summary>The names of the outputs, in the file's order.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>What the file computes of images.</summary>
    /// <param name="images">The input.</param>
    /// <param name="outputs">Which outputs; all when null.</param>
    public IReadOnlyDictionary<string, GraphTensor> Run(GraphTensor images, IReadOnlyList<string>? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        var input = new DenseTensor<float>(images.ToFloat32(), [.. images.Shape.Select(size => (int)size)]);
        using var results = _session.Run([NamedOnnxValue.CreateFromTensor(_session.InputNames[0], input)], outputs ?? Outputs);
        return results.ToDictionary(result => result.Name, result => result.Value is Tensor<byte> bytes
            ? GraphTensor.Of(Sizes(bytes), Array.ConvertAll(bytes.ToArray(), number => (float)number))
            : GraphTensor.Of(Sizes(result.AsTensor<float>()), result.AsTensor<float>().ToArray()));
    }

    public void Dispose() => _session.Dispose();

    private static Shape Sizes<T>(Tensor<T> tensor) => [.. tensor.Dimensions.ToArray().Select(size => (long)size)];
}
