using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>TorchVision's models as their package has them: graphs of known operators, which take other batches and images.</summary>
public sealed class StrangersCaptureTests
{
    [Theory]
    [InlineData("resnet18", "adaptive_avg_pool2d 1, add 8, batch_norm 20, conv2d 20, linear 1, max_pool2d 1, relu 17, reshape 1")]
    [InlineData("resnet50", "adaptive_avg_pool2d 1, add 16, batch_norm 53, conv2d 53, linear 1, max_pool2d 1, relu 49, reshape 1")]
    [InlineData("mobilenet_v2", "adaptive_avg_pool2d 1, add 10, batch_norm 52, clamp 35, conv2d 52, linear 1, reshape 1")]
    [InlineData("mobilenet_v3_small",
        "adaptive_avg_pool2d 10, add 6, batch_norm 34, clamp 9, conv2d 52, hard_sigmoid 9, hard_swish 19, linear 2, mul 9, relu 5, "
        + "reshape 1")]
    [InlineData("googlenet", "adaptive_avg_pool2d 1, batch_norm 57, concat 9, conv2d 57, linear 1, max_pool2d 13, relu 57, reshape 1")]
    [InlineData("vgg11_bn", "adaptive_avg_pool2d 1, batch_norm 8, conv2d 8, linear 3, max_pool2d 5, relu 10, reshape 1")]
    public void A_model_becomes_these_operators_and_they_compute_what_it_does_on_other_batches_and_images(string name, string kinds)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var model = Create(name);
        var example = randn(1, 3, 32, 32);
        var other = randn(2, 3, 32, 64);

        var graph = ModelCapture.Graph(model, example);

        Graphs.Kinds(graph).Should().Be(kinds);
        Graphs.Run(graph, other).Single().ShouldBeNear(Graphs.Run(model, other));
        graph.Nodes.Where(n => n.Operator.Name is "conv2d" or "linear").Select(n => n.Name).Should().BeEquivalentTo(
            model.named_modules().Where(m => m.module is TorchSharp.Modules.Conv2d or TorchSharp.Modules.Linear).Select(m => m.name));
    }

    private static nn.Module<Tensor, Tensor> Create(string name) => name switch
    {
        "resnet18" => torchvision.models.resnet18(10),
        "resnet50" => torchvision.models.resnet50(10),
        "mobilenet_v2" => torchvision.models.mobilenet_v2(10),
        "mobilenet_v3_small" => torchvision.models.mobilenet_v3_small(),
        "googlenet" => torchvision.models.googlenet(10),
        _ => torchvision.models.vgg11_bn(10),
    };
}
