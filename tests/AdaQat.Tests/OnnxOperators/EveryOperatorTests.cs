using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Tests.Graph;

namespace AdaQat.Tests.OnnxOperators;

/// <summary>Each operator of a graph, alone and with attributes that are not the default, as ONNX Runtime computes it.</summary>
public sealed class EveryOperatorTests
{
    [Fact]
    public void ONNX_Runtime_computes_every_operator_as_the_interpreter_does()
    {
        var graph = EveryOperator.Graph();

        var file = OnnxAgreement.Check(graph, new OnnxOptions(), OnnxAgreement.Noise(1, [2, 4, 6, 6]));

        file.Opset.Should().Be(18);
    }
}
