using AdaQat.Recording;
using static TorchSharp.torch;

namespace AdaQat.Lowering;

/// <summary>One recording, looked up by the names of its values: who makes each, and what constants are.</summary>
internal sealed class RecordingReader
{
    private readonly Dictionary<string, (TorchOperation Operation, int Output)> _makers = [];
    private readonly Dictionary<string, string> _canonical = [];

    public RecordingReader(RecordedForward recording)
    {
        Recording = recording;
        Operations = recording.Operations.Where(o => o.Operation.Kind is not (TorchOperation.Constant or TorchOperation.List)).ToList();
        foreach (var (operation, _) in recording.Operations)
        {
            for (var i = 0; i < operation.Outputs.Count; i++)
            {
                _makers.Add(operation.Outputs[i].Name, (operation, i));
            }
        }

        for (var place = 0; place < Operations.Count; place++)
        {
            var outputs = Operations[place].Operation.Outputs;
            for (var i = 0; i < outputs.Count; i++)
            {
                _canonical.Add(outputs[i].Name, FormattableString.Invariant($"{place}:{i}"));
            }
        }
    }

    public RecordedForward Recording { get; }

    /// <summary>What computes something: all but constants and lists.</summary>
    public IReadOnlyList<RecordedOperation> Operations { get; }

    public TorchOperation Maker(string name) => _makers[name].Operation;

    public TorchType TypeOf(string name) => _makers[name] is var (operation, output) ? operation.Outputs[output].Type : null!;

    /// <summary>
    /// A name that the same value has in every recording: its place among the operations, or its own name where we gave it.
    /// </summary>
    public string Canonical(string name) => _canonical.GetValueOrDefault(name, name);

    /// <summary>The tensor of a constant that is neither parameter, buffer nor input; null where the value is something else.</summary>
    public Tensor? TensorConstant(string name) => Recording.Tensors.GetValueOrDefault(name);
}
