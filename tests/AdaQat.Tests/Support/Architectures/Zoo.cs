using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>Models as users write them, by name; each comes with the same weights and the same batch at every call.</summary>
internal static class Zoo
{
    private static readonly Dictionary<string, Func<Subject>> Models = new()
    {
        [nameof(ResNet18)] = () => Subject.Of(new ResNet18(), Noise(2, 3, 32, 32)),
        [nameof(MobileNetV2)] = () => Subject.Of(new MobileNetV2(), Noise(4, 3, 16, 16)),
        [nameof(Vgg)] = () => Subject.Of(new Vgg(), Noise(4, 3, 16, 16)),
        [nameof(UNet)] = () => Subject.Of(new UNet(), Noise(2, 1, 16, 16)),
        [nameof(TimeSeriesNet)] = () => Subject.Of(new TimeSeriesNet(), Noise(4, 2, 20)),
        [nameof(Mlp)] = () => Subject.Of(new Mlp(), Noise(8, 6)),
        [nameof(VisionTransformer)] = () => Subject.Of(new VisionTransformer(), Noise(4, 3, 8, 8)),
        [nameof(AttentionClassifier)] = () => Subject.Of(new AttentionClassifier(), Noise(4, 6, 5)),
        [nameof(TransformerClassifier)] = () => Subject.Of(new TransformerClassifier(), Classes(11, 6, 3), zeros(6, 6)),
        [nameof(VolumeNet)] = () => Subject.Of(new VolumeNet(), Noise(2, 1, 6, 6, 6)),
        [nameof(LstmClassifier)] = () => Subject.Of(new LstmClassifier(), Noise(4, 7, 3)),
        [nameof(TextClassifier)] = () => Subject.Of(new TextClassifier(), Classes(20, 4, 9)),
        [nameof(SiameseNet)] = () => Subject.Of(new SiameseNet(), Noise(4, 1, 8, 8), Noise(4, 1, 8, 8) + 0.5),
        [nameof(FusionNet)] = () => Subject.Of(new FusionNet(), Noise(4, 1, 6, 6), Noise(4, 3), Classes(5, 4)),
        [nameof(TwoHeads)] = () => Subject.Of(new TwoHeads(), Noise(4, 3, 8, 8), output => [output.Scores, output.Box]),
        [nameof(PyramidNet)] = () => Subject.Of(
            new PyramidNet(), new Dictionary<string, Tensor> { ["fine"] = Noise(2, 3, 8, 8), ["coarse"] = Noise(2, 6, 4, 4) },
            output => [output["fine"], output["coarse"]]),
        [nameof(GatedNet)] = () => Subject.Of(new GatedNet(), Noise(8, 4) * 2),
        [nameof(TiedNet)] = () => Subject.Of(new TiedNet(), Noise(8, 5)),
        [nameof(NestedNet)] = () => Subject.Of(new NestedNet(), Noise(2, 3, 8, 8)),
    };

    public static IEnumerable<string> Names => Models.Keys;

    public static Subject Create(string name)
    {
        manual_seed(5);
        return Models[name]();
    }

    private static Tensor Noise(params long[] shape)
    {
        using var generator = new Generator(17);
        return randn(shape, generator: generator);
    }

    private static Tensor Classes(long count, params long[] shape)
    {
        using var generator = new Generator(18);
        return randint(0, count, shape, dtype: ScalarType.Int64, generator: generator);
    }
}
