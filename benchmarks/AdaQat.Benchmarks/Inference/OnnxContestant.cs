using Microsoft.ML.OnnxRuntime;

namespace AdaQat.Benchmarks.Inference;

/// <summary>ONNX Runtime, with its input and output in memory that it is given.</summary>
internal sealed class OnnxContestant : Contestant
{
    private readonly float[] _scores;
    private readonly InferenceSession _session;
    private readonly OrtValue _input;
    private readonly OrtValue _output;
    private readonly RunOptions _options = new();
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly OrtValue[] _given;
    private readonly OrtValue[] _made;

    public OnnxContestant(string title, string path, float[] images, long[] shape, int classes, int threads)
    {
        Title = title;
        _scores = new float[shape[0] * classes];
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new(path, options);
        _input = OrtValue.CreateTensorValueFromMemory(images, shape);
        _output = OrtValue.CreateTensorValueFromMemory(_scores, [shape[0], classes]);
        (_inputs, _outputs) = ([.. _session.InputNames], [.. _session.OutputNames]);
        (_given, _made) = ([_input], [_output]);
    }

    public override string Title { get; }

    public override float[] Scores => [.. _scores];

    public override void Run() => _session.Run(_options, _inputs, _given, _outputs, _made);

    /// <summary>The kinds of operations that are left when ONNX Runtime has optimised a file, as often as each is there.</summary>
    public static IReadOnlyDictionary<string, int> Optimized(string path)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            OptimizedModelFilePath = path + ".optimized",
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(path, options);
        var model = Onnx.ModelProto.Parser.ParseFrom(File.ReadAllBytes(path + ".optimized"));
        return model.Graph.Node.CountBy(node => node.OpType).ToDictionary();
    }

    public override void Dispose()
    {
        _session.Dispose();
        _input.Dispose();
        _output.Dispose();
        _options.Dispose();
    }
}
