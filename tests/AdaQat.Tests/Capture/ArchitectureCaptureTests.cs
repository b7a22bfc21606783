using System.Runtime.InteropServices;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>Models as users write them become graphs of known operators, which compute what the models do.</summary>
public sealed class ArchitectureCaptureTests
{
    [Theory]
    [InlineData(nameof(MobileNetV2), "adaptive_avg_pool2d 1, add 2, batch_norm 10, clamp 7, conv2d 10, linear 1, reshape 1")]
    [InlineData(nameof(Vgg), "adaptive_avg_pool2d 1, batch_norm 5, conv2d 5, linear 2, max_pool2d 3, relu 6, reshape 1")]
    [InlineData(nameof(UNet), "batch_norm 10, concat 2, conv2d 11, conv_transpose2d 2, max_pool2d 2, relu 10")]
    [InlineData(nameof(TimeSeriesNet), "add 3, batch_norm 3, conv1d 5, conv_transpose1d 1, gelu 3, leaky_relu 1")]
    [InlineData(nameof(Mlp), "linear 4, log_softmax 1, relu 1, sigmoid 1, silu 1")]
    [InlineData(nameof(VisionTransformer),
        "add 5, concat 1, conv2d 1, expand 1, gelu 2, layer_norm 5, linear 13, matmul 4, mul 2, permute 11, reshape 10, slice 1, "
        + "softmax 2")]
    [InlineData(nameof(AttentionClassifier),
        "add 1, layer_norm 1, linear 5, matmul 2, mul 1, permute 6, reduce_mean 1, relu 1, reshape 4, softmax 1, split 1")]
    [InlineData(nameof(TransformerClassifier),
        "add 7, embedding 1, layer_norm 4, linear 10, matmul 4, mul 3, permute 10, relu 3, reshape 10, slice 1, softmax 2, split 2")]
    [InlineData(nameof(VolumeNet),
        "adaptive_avg_pool3d 1, batch_norm 1, conv3d 2, conv_transpose3d 1, group_norm 1, hard_swish 1, linear 1, relu 1, reshape 1")]
    [InlineData(nameof(SiameseNet), "abs 1, adaptive_avg_pool2d 2, conv2d 2, linear 4, relu 3, reshape 2, sub 1")]
    [InlineData(nameof(TwoHeads), "batch_norm 2, conv2d 2, linear 2, relu 2, reshape 1, sigmoid 1")]
    [InlineData(nameof(PyramidNet), "add 1, conv2d 4, relu 1, resize 1")]
    [InlineData(nameof(TiedNet), "linear 4, relu 3")]
    [InlineData(nameof(NestedNet),
        "adaptive_avg_pool2d 1, add 2, conv2d 8, elu 2, group_norm 2, hard_sigmoid 1, linear 1, mul 1, reduce_mean 1, silu 1")]
    public void A_model_becomes_these_operators_and_they_compute_what_it_does(string name, string kinds)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);

        var graph = subject.Capture();

        Graphs.Kinds(graph).Should().Be(kinds);
        var expected = subject.Evaluate().Select(bytes => MemoryMarshal.Cast<byte, float>(bytes).ToArray()).ToList();
        var outputs = Graphs.Run(graph, [.. subject.Inputs]);
        outputs.Should().HaveSameCount(expected);
        outputs.Zip(expected).ToList().ForEach(pair => pair.First.ShouldBeNear(pair.Second));
    }

    [Theory]
    [InlineData(nameof(TextClassifier), "Module 'gru': aten::gru can't be captured: a graph has no such operator.")]
    [InlineData(nameof(LstmClassifier), "Module 'lstm': aten::lstm can't be captured: a graph has no such operator.")]
    [InlineData(nameof(FusionNet), "Module 'join': aten::bilinear can't be captured: a graph has no such operator.")]
    public void What_a_graph_has_no_operator_for_is_refused_by_its_name_and_the_modules(string name, string message)
    {
        using var scope = NewDisposeScope();
        using var subject = Zoo.Create(name);

        subject.Invoking(s => s.Capture()).Should().Throw<CaptureException>().WithMessage(message);
    }
}
