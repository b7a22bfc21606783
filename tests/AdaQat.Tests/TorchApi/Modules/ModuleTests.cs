using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Every module against PyTorch's outputs, gradients, buffers and names (Fixtures/make_modules.py).</summary>
public sealed class ModuleTests
{
    public static TheoryData<string> Names => [.. ModuleCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_gradients_and_buffers_are_those_of_PyTorch(string name)
    {
        var expected = ModuleCase.All.Single(c => c.Name == name);
        using var scope = NewDisposeScope();
        using var module = ModuleTable.Modules[name]();
        module.load_state_dict(expected.State.ToDictionary(entry => entry.Key, entry => entry.Value.ToTensor()));
        module.train(expected.Train);
        var inputs = expected.Inputs.Zip(expected.InputGradients, (input, gradient) => input.ToTensor().requires_grad_(gradient is not null)).ToArray();

        var output = Call(module, inputs);
        for (var call = 1; call < expected.Calls; call++) output = Call(module, inputs);
        expected.Output.Check(output, "output");

        if (output.requires_grad)
        {
            var weights = (arange(output.numel(), dtype: ScalarType.Int64) * 7 % 11 - 5).to_type(ScalarType.Float64) / 8;
            (output * weights.reshape(output.shape)).sum().backward();
        }
        for (var i = 0; i < inputs.Length; i++) expected.InputGradients[i]?.Check(inputs[i].grad, $"gradient of input {i}");
        foreach (var (parameterName, parameter) in module.named_parameters())
            expected.Gradients[parameterName]?.Check(parameter.grad, $"gradient of {parameterName}");
        foreach (var (bufferName, buffer) in module.named_buffers())
            expected.BuffersAfter[bufferName].Check(buffer, $"buffer {bufferName}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_and_buffers_have_PyTorchs_names_in_PyTorchs_order(string name)
    {
        var expected = ModuleCase.All.Single(c => c.Name == name);
        using var module = ModuleTable.Modules[name]();

        module.named_parameters().Select(entry => entry.name).Should().Equal(expected.Parameters);
        module.named_buffers().Select(entry => entry.name).Should().Equal(expected.Buffers);
        module.state_dict().Keys.Should().Equal([.. expected.Parameters, .. expected.Buffers], "TorchSharp puts the buffers behind all parameters");
    }

    [Fact]
    public void Every_module_of_the_table_has_PyTorchs_numbers()
        => ModuleTable.Modules.Keys.Should().BeEquivalentTo(ModuleCase.All.Select(c => c.Name));

    private static Tensor Call(nn.Module module, Tensor[] inputs) => (module, inputs) switch
    {
        (LSTM lstm, [var a]) => Joined(lstm.call(a)),
        (LSTM lstm, [var a, var h, var c]) => Joined(lstm.call(a, (h, c))),
        (LSTMCell cell, [var a]) => Joined(cell.call(a)),
        (LSTMCell cell, [var a, var h, var c]) => Joined(cell.call(a, (h, c))),
        (GRU gru, [var a, ..]) => Joined(gru.call(a, inputs.ElementAtOrDefault(1))),
        (RNN rnn, [var a, ..]) => Joined(rnn.call(a, inputs.ElementAtOrDefault(1))),
        (RNNCell cell, [var a, ..]) => cell.call(a, inputs.ElementAtOrDefault(1)),
        (MultiheadAttention attention, [var q, var k, var v, ..]) => Joined(
            attention.call(q, k, v, inputs.ElementAtOrDefault(3)?.to_type(ScalarType.Bool), true, inputs.ElementAtOrDefault(4))),
        (TransformerEncoderLayer layer, [var a, var mask]) => layer.call(a, mask),
        (TransformerEncoder encoder, [var a]) => encoder.call(a),
        (nn.Module<Tensor, Tensor> one, [var a]) => one.call(a),
        (nn.Module<Tensor, Tensor, Tensor> two, [var a, var b]) => two.call(a, b),
        (nn.Module<Tensor, Tensor, Tensor, Tensor> three, [var a, var b, var c]) => three.call(a, b, c),
        _ => throw new InvalidDataException($"{module.GetName()} does not take {inputs.Length} inputs."),
    };

    /// <summary>One vector of all that a module returns where that is several tensors.</summary>
    private static Tensor Joined(ITuple outputs) => cat(Enumerable.Range(0, outputs.Length).Select(i => ((Tensor)outputs[i]!).flatten()).ToArray());
}
