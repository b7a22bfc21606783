using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>Records one forward of a model: which operations it computes, in which modules, on which parameters and buffers.</summary>
internal static class ForwardRecorder
{
    /// <summary>Records what <paramref name="forward"/> computes. No parameter may require a gradient.</summary>
    /// <param name="model">The model.</param>
    /// <param name="symbols">libtorch's tracer.</param>
    /// <param name="inputs">The tensors that it is given, each once.</param>
    /// <param name="forward">Calls it, and returns the tensors that come out.</param>
    /// <returns>The recording; its tensors are in the dispose scope that is open.</returns>
    public static RecordedForward Record(
        nn.Module model, LibtorchSymbols symbols, IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>> forward)
    {
        // Whoever is asked for its state may compute something, which is not the forward's.
        var all = model.named_parameters().Select(p => new RecordedState(p.name, p.parameter))
            .Concat(model.named_buffers().Select(b => new RecordedState(b.name, b.buffer))).ToList();
        using var tracer = LibtorchTracer.Begin(symbols);
        using var marks = new CallMarks(model, tracer);
        var inputNames = inputs.Select((input, i) => tracer.NameOf(input, $"i{i}")).ToList();
        var states = new Dictionary<string, RecordedState>();
        for (var i = 0; i < all.Count; i++)
        {
            states.TryAdd(tracer.NameOf(all[i].Tensor, $"p{i}"), all[i]);
        }

        var outputs = forward();
        var outputNames = outputs.Select((output, i) => tracer.NameOf(output, $"o{i}")).ToList();
        var program = tracer.Stop();
        return new RecordedForward(marks.Read(program), inputNames, outputNames, marks.Outputs, marks.Inputs, states, program.Tensors);
    }
}
