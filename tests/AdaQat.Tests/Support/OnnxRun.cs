using AdaQat.Graph;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AdaQat.Tests.Support;

/// <summary>What ONNX Runtime makes of a file: the loader and the program that ours is not.</summary>
internal static class OnnxRun
{
    public static IReadOnlyDictionary<string, GraphTensor> Of(string path, bool optimizes, params IReadOnlyList<GraphTensor> inputs)
    {
        using var options = Options(optimizes);
        using var session = new InferenceSession(path, options);
        return Run(session, inputs);
    }

    public static OnnxProgram Open(string path, bool optimizes)
    {
        using var options = Options(optimizes);
        return new(new InferenceSession(path, options));
    }

    /// <summary>The kinds of operations that are left when ONNX Runtime has optimised a file, as often as each is there.</summary>
    public static IReadOnlyDictionary<string, int> Optimized(string path)
    {
        var optimized = path + ".optimized";
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            OptimizedModelFilePath = optimized,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(path, options);
        return OnnxReader.Read(optimized).Graph.Node.CountBy(node => node.OpType).ToDictionary();
    }

    public static Dictionary<string, GraphTensor> Run(InferenceSession session, IReadOnlyList<GraphTensor> inputs)
    {
        var given = session.InputNames.Zip(inputs).Select(pair => Value(
            pair.First, pair.Second, session.InputMetadata[pair.First].ElementType == typeof(long))).ToList();
        using var results = session.Run(given);
        return results.ToDictionary(result => result.Name, result => result.Value is Tensor<byte> bytes
            ? GraphTensor.Of(Sizes(bytes), [.. bytes.Select(number => (float)number)])
            : GraphTensor.Of(Sizes(result.AsTensor<float>()), result.AsTensor<float>().ToArray()));
    }

    private static SessionOptions Options(bool optimizes) => new()
    {
        GraphOptimizationLevel = optimizes ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    private static Shape Sizes<T>(Tensor<T> tensor) => [.. tensor.Dimensions.ToArray().Select(size => (long)size)];

    private static NamedOnnxValue Value(string name, GraphTensor tensor, bool isOfRows)
    {
        int[] sizes = [.. tensor.Shape.Select(size => (int)size)];
        return isOfRows
            ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(Array.ConvertAll(tensor.ToFloat64(), x => (long)x), sizes))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(tensor.ToFloat32(), sizes));
    }
}
