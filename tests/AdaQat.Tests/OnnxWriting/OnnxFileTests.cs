using AdaQat.Export;
using AdaQat.Graph;

namespace AdaQat.Tests.OnnxWriting;

/// <summary>The file itself, read by code that is not ours: names, shapes, versions, metadata, separate weights.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.In("model.onnx");

    [Fact]
    public void Names_are_the_graphs_and_the_first_axis_is_the_batch()
    {
        OnnxExport.Write(Small(), Target);

        var model = OnnxReader.Read(Target);
        (model.ProducerName, model.IrVersion, model.OpsetImport.Single().Version).Should().Be(("AdaQat", 8L, 18L));
        var graph = model.Graph;
        graph.Name.Should().Be("small");
        graph.Initializer.Select(constant => constant.Name).Should().Equal(
            "conv.weight", "conv.bias", "reshape/sizes", "fc.weight_transposed");
        graph.Initializer[0].Dims.Should().Equal(2, 3, 3, 3);
        graph.Node.Select(node => node.OpType).Should().Equal("Conv", "Relu", "GlobalAveragePool", "Reshape", "MatMul");
        graph.Node[0].Output.Should().Equal("conv");
        graph.Input.Single().Name.Should().Be("image");
        Sizes(graph.Input.Single()).Should().Equal("batch", "3", "4", "4");
        graph.Output.Single().Name.Should().Be("scores");
        Sizes(graph.Output.Single()).Should().Equal("batch", "5");
    }

    [Fact]
    public void A_fixed_batch_is_written_as_a_number()
    {
        var file = OnnxExport.Write(Small(), Target, new() { AnyBatch = false });

        file.TakesAnyBatch.Should().BeFalse();
        Sizes(OnnxReader.Read(Target).Graph.Input.Single()).Should().Equal("2", "3", "4", "4");
    }

    [Fact]
    public void A_graph_that_takes_one_batch_only_is_refused_where_any_is_asked_for()
    {
        var g = new GraphBuilder("one batch");
        var x = g.Input("x", [2, 3]);
        var graph = g.Output("y", g.Add(x, g.Constant("c", GraphTensor.Of([2, 1], [1f, 2f])))).Build();

        OnnxExport.Write(graph, Target).TakesAnyBatch.Should().BeFalse();
        FluentActions.Invoking(() => OnnxExport.Write(graph, Target, new() { AnyBatch = true })).Should().Throw<OnnxExportException>()
            .WithMessage("The graph 'one batch' does not take any batch. Node 'add':*");
    }

    [Theory]
    [InlineData(18, 8)]
    [InlineData(20, 9)]
    [InlineData(22, 10)]
    [InlineData(25, 13)]
    public void The_version_of_the_operators_is_chosen_and_ONNX_Runtime_takes_it(int opset, int format)
    {
        var graph = Small();

        OnnxExport.Write(graph, Target, new() { Opset = opset });

        var model = OnnxReader.Read(Target);
        (model.IrVersion, model.OpsetImport.Single().Version).Should().Be((format, opset));
        OnnxAgreement.Check(graph, new() { Opset = opset }, OnnxAgreement.Noise(1, [2, 3, 4, 4]));
    }

    [Fact]
    public void An_operator_that_the_version_does_not_have_is_refused_by_name()
    {
        var g = new GraphBuilder("circular");
        var graph = g.Output("y", g.Pad(g.Input("x", [1, 4]), [0, 1], [0, 1], PadMode.Circular)).Build();

        OnnxAgreement.Check(graph, new(), OnnxAgreement.Noise(1, [1, 4])).Opset.Should().Be(19);
        FluentActions.Invoking(() => OnnxExport.Write(graph, Target, new() { Opset = 18 })).Should().Throw<OnnxExportException>()
            .WithMessage("The opset is 18; allowed is 19 and more, which node 'pad', circular padding, needs.");
        File.Exists(Target).Should().BeFalse();
    }

    [Fact]
    public void Metadata_is_in_the_file()
    {
        OnnxExport.Write(Small(), Target, new() { Metadata = new Dictionary<string, string> { ["classes"] = "cat, dög" } });

        OnnxReader.Read(Target).MetadataProps.Single().Should().Match<Onnx.StringStringEntryProto>(
            entry => entry.Key == "classes" && entry.Value == "cat, dög");
    }

    [Fact]
    public void A_file_that_would_be_too_large_is_refused_and_takes_separate_weights()
    {
        var graph = Wide();
        var input = OnnxAgreement.Noise(1, [2, 64]);
        FluentActions.Invoking(() => OnnxExport.Write(graph, Target, new(), mostBytes: 4096)).Should().Throw<OnnxExportException>()
            .WithMessage("The file would have * bytes; allowed are 4096.*SeparateWeights = true*");
        _folder.FileNames().Should().BeEmpty();

        var file = OnnxExport.Write(graph, Target, new() { SeparateWeights = true }, mostBytes: 4096);

        _folder.FileNames().Should().Equal("model.onnx", "model.onnx.data");
        file.Bytes.Should().Be(_folder.FileNames().Sum(name => new FileInfo(_folder.In(name)).Length));
        OnnxRun.Of(file.Path, optimizes: true, input)["y"].ToFloat32()
            .ShouldBeNear(new GraphInterpreter(graph).Run(input)[0].ToFloat32());
    }

    [SmallDiskFact]
    public void A_disk_that_is_full_or_read_only_is_told_by_the_files_name_and_leaves_the_old_one()
    {
        using var disk = new SmallDisk(64);
        var path = Path.Combine(disk.Path, "model.onnx");
        OnnxExport.Write(Wide(), path);
        var before = File.ReadAllBytes(path);
        var g = new GraphBuilder("large");
        var large = g.Output("y", g.Linear(g.Input("x", [1, 256]), g.Constant("w", OnnxAgreement.Noise(1, [256, 256])))).Build();

        Refused(large, new(), $"'{path}' could not be written: *No space left on device*");
        Refused(large, new() { SeparateWeights = true }, $"'{path}.data' could not be written: *No space left on device*");
        disk.MakeReadOnly();
        Refused(Wide(), new(), $"'{path}' could not be written: *Read-only file system*");

        void Refused(ModelGraph graph, OnnxOptions options, string message)
        {
            FluentActions.Invoking(() => OnnxExport.Write(graph, path, options)).Should().Throw<IOException>().WithMessage(message);
            Directory.GetFiles(disk.Path).Should().Equal(path);
            File.ReadAllBytes(path).Should().Equal(before);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_and_one_in_the_files_place_are_told_by_the_files_name()
    {
        Directory.CreateDirectory(_folder.In("taken"));

        foreach (var (name, why) in new[] { ("missing/model.onnx", "Could not find a part of the path"), ("taken", "") })
        {
            FluentActions.Invoking(() => OnnxExport.Write(Wide(), _folder.In(name))).Should().Throw<IOException>()
                .WithMessage($"'{_folder.In(name)}' could not be written: {why}*");
        }

        _folder.FileNames().Should().BeEmpty();
    }

    [Fact]
    public void The_same_graph_gives_the_same_bytes()
    {
        OnnxExport.Write(Small(), Target);
        OnnxExport.Write(Small(), _folder.In("again.onnx"));

        File.ReadAllBytes(Target).Should().Equal(File.ReadAllBytes(_folder.In("again.onnx")));
    }

    [Fact]
    public void Outputs_that_are_an_input_a_constant_or_another_output_are_written_too()
    {
        var g = new GraphBuilder("copies");
        var x = g.Input("x", [2, 3]);
        var y = g.Relu(x);
        g.Output("same", x).Output("numbers", g.Constant("c", GraphTensor.Of([2], [1f, 2f]))).Output("first", y).Output("second", y);

        OnnxAgreement.Check(g.Build(), new(), OnnxAgreement.Noise(1, [2, 3]));
    }

    [Fact]
    public void Rows_of_an_embedding_are_whole_numbers_to_whoever_runs_the_file()
    {
        var g = new GraphBuilder("words");
        var graph = g.Output("y", g.Embedding(
            g.Input("words", [2, 3]), g.Constant("table", OnnxAgreement.Noise(3, [7, 4])))).Build();

        OnnxExport.Write(graph, Target);

        OnnxReader.Read(Target).Graph.Input.Single().Type.TensorType.ElemType.Should().Be((int)Onnx.TensorProto.Types.DataType.Int64);
        OnnxAgreement.Check(graph, new(), GraphTensor.Of([2, 3], [0f, 6f, 2f, 1f, 1f, 5f]));
    }

    [Fact]
    public void Options_outside_what_is_allowed_are_refused_by_value()
    {
        FluentActions.Invoking(() => OnnxExport.Write(Small(), Target, new() { Opset = 17 })).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("The opset is 17; allowed are 18 to 25*");
        FluentActions.Invoking(() => OnnxExport.Write(Small(), Target, new() { Form = (OnnxForm)9 })).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("The form is 9; allowed are Plain*");
    }

    public void Dispose() => _folder.Dispose();

    private static ModelGraph Small()
    {
        var g = new GraphBuilder("small");
        var x = g.Input("image", [2, 3, 4, 4]);
        using (g.InModule("conv"))
        {
            x = g.Convolution(
                x, g.Constant("conv.weight", OnnxAgreement.Noise(1, [2, 3, 3, 3])), g.Constant("conv.bias", OnnxAgreement.Noise(2, [2])),
                padding: 1, name: "conv");
        }

        x = g.Flatten(g.AdaptivePool(g.Relu(x), Reduction.Mean, [1, 1]));
        return g.Output("scores", g.Linear(x, g.Constant("fc.weight", OnnxAgreement.Noise(3, [5, 2])))).Build();
    }

    private static ModelGraph Wide()
    {
        var g = new GraphBuilder("wide");
        return g.Output("y", g.Linear(
            g.Input("x", [2, 64]), g.Constant("weight", OnnxAgreement.Noise(1, [64, 64])),
            g.Constant("bias", OnnxAgreement.Noise(2, [64])))).Build();
    }

    private static IEnumerable<string> Sizes(Onnx.ValueInfoProto value) => value.Type.TensorType.Shape.Dim.Select(
        size => size.DimParam.Length > 0 ? size.DimParam : $"{size.DimValue}");
}
