using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>A part in float, computed by its graph's operators in 64-bit numbers, which are scratch.</summary>
internal sealed unsafe class IslandStep : Step
{
    // Objects of a run: of the graph, of a node, of an operand.
    private const long Objects = 256;

    private readonly PreparedGraph _graph;
    private readonly Slot[] _inputs;
    private readonly Slot _output;
    private readonly Slot[] _values;
    private readonly Slot _scratch;
    private readonly int _place;

    /// <param name="node">The island.</param>
    /// <param name="inputs">Where its inputs are.</param>
    /// <param name="output">Where its output is.</param>
    /// <param name="place">Which of the model's islands it is.</param>
    public IslandStep(IslandNode node, Slot[] inputs, Slot output, int place)
    {
        (_graph, _inputs, _output, _place) = (new(node.Graph, ElementType.Float32), inputs, output, place);
        _values = [.. _graph.Values.Select(value =>
        {
            var slot = new Slot(sizeof(double) * (long)value.Count);
            slot.Use(value.First);
            slot.Use(value.Last);
            return slot;
        })];
        _scratch = new(MemoryPlan.Place(_values)) { IsScratch = true };
        ObjectBytes = Objects * (1 + node.Graph.Nodes.Sum(each => 1L + each.Inputs.Count + each.Outputs.Count));
    }

    public override IEnumerable<Slot> Slots => [.. _inputs, _output, _scratch];

    /// <summary>The bytes of objects that each thread has for it.</summary>
    public long ObjectBytes { get; }

    /// <summary>What runs it in a thread's memory.</summary>
    public PreparedRun Bind(byte* memory) => _graph.Bind([.. _values.Zip(_graph.Values, (slot, value) =>
        new NativeNumbers((double*)(memory + _scratch.Offset + slot.Offset), value.Count).Memory)]);

    public override void Run(RunState state)
    {
        var run = state.Islands[_place];
        for (var i = 0; i < _inputs.Length; i++)
        {
            var from = (float*)state.At(_inputs[i]);
            var to = run.Input(i);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = from[j];
            }
        }

        run.Run();
        var made = run.Output(0);
        var output = (float*)state.At(_output);
        for (var i = 0; i < made.Length; i++)
        {
            output[i] = (float)made[i];
        }
    }
}
