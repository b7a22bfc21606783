using System.Text;
using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>Graphs as JSON documents.</summary>
public sealed class SerializationTests
{
    [Fact]
    public void A_graph_of_every_operator_is_read_back_as_it_was()
    {
        var graph = EveryOperator.Graph();

        var read = ModelGraph.FromJson(graph.ToJson());

        read.Should().Be(graph);
        read.ToText().Should().Be(graph.ToText());
    }

    [Fact]
    public void That_graph_has_every_operator()
    {
        var names = EveryOperator.Graph().Nodes.Select(node => node.Operator.Name).ToHashSet();

        names.Should().Contain(Enum.GetValues<ActivationFunction>().Select(function => new ActivationOperator(function).Name))
            .And.Contain(Enum.GetValues<UnaryFunction>().Select(function => new UnaryOperator(function).Name));
        EveryOperator.Graph().Nodes.Select(node => node.Operator.GetType()).Distinct().Should().BeEquivalentTo(
            typeof(GraphOperator).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(GraphOperator)) && !type.IsAbstract));
    }

    [Fact]
    public void Every_operator_computes_after_reading_what_it_computed_before()
    {
        var graph = EveryOperator.Graph();
        var image = GraphOracle.ToGraph(GraphOracle.Noise(1, 2, 4, 6, 6));

        var read = new GraphInterpreter(ModelGraph.FromJson(graph.ToJson()));

        read.Run(image).Should().Equal(new GraphInterpreter(graph).Run(image));
    }

    [Fact]
    public void Numbers_are_read_back_to_the_bit()
    {
        float[] singles = [0f, -0f, float.NaN, float.Epsilon, float.MaxValue, float.NegativeInfinity, 0.1f];
        double[] doubles = [0, -0.0, double.NaN, double.Epsilon, double.MaxValue, double.NegativeInfinity, 0.1];
        var g = new GraphBuilder("numbers");
        g.Output("singles", g.Constant("a", GraphTensor.Of([7], singles)));
        g.Output("doubles", g.Constant("b", GraphTensor.Of([7, 1], doubles)));
        g.Output("none", g.Constant("c", GraphTensor.Of([0, 3], Array.Empty<double>())));
        g.Output("padded", g.Pad(g.Number(1), [], [], value: double.NegativeInfinity));
        var graph = g.Build();

        ModelGraph.FromJson(graph.ToJson()).Should().Be(graph);
    }

    [Fact]
    public void A_graph_goes_through_a_stream_that_stays_open()
    {
        var graph = GraphsTests.Small();
        using var stream = new MemoryStream();

        graph.WriteJson(stream);
        stream.Position = 0;

        ModelGraph.ReadJson(stream).Should().Be(graph);
        stream.CanRead.Should().BeTrue();
    }

    [Fact]
    public void A_parameter_takes_five_and_a_third_characters()
    {
        var (small, large) = (Of(3000).ToJson().Length, Of(6000).ToJson().Length);

        (large - small).Should().Be(3000 * 16 / 3);

        static ModelGraph Of(int count)
        {
            var g = new GraphBuilder("numbers");
            return g.Output("y", g.Constant("x", GraphTensor.Of([count], new float[count]))).Build();
        }
    }

    [Fact]
    public void A_constant_larger_than_a_piece_is_read_back()
    {
        // 24 MB are one piece.
        var numbers = new double[(24 << 17) + 5];
        numbers[^1] = 7;
        var g = new GraphBuilder("numbers");
        var graph = g.Output("y", g.Constant("x", GraphTensor.Of([numbers.Length], numbers))).Build();
        using var stream = new MemoryStream();
        graph.WriteJson(stream);
        stream.Position = 0;

        ModelGraph.ReadJson(stream).Should().Be(graph);
    }

    [Theory]
    [InlineData("\"adaqat-graph\"", "\"onnx\"", "The document's format is 'onnx'; allowed is 'adaqat-graph'.")]
    [InlineData("\"version\":1", "\"version\":2", "The document's version is 2; allowed is 1*")]
    [InlineData("\"operator\":\"relu\"", "\"operator\":\"rebu\"", "Node 'stem.relu': its operator is 'rebu', which is not known*")]
    [InlineData("\"stride\":[2,2],", "", "Node 'stem.conv2d': it has no 'stride'.")]
    [InlineData("\"stride\":[2,2]", "\"stride\":[2,0]", "Node 'stem.conv2d': the stride is [2,0]; allowed are 1 to*")]
    [InlineData("\"stride\":[2,2]", "\"stride\":[2,2.5]", "Node 'stem.conv2d': its 'stride' is [2,2.5]; allowed is a list of whole*")]
    [InlineData("\"stride\":[2,2]", "\"stride\":[2,2],\"pace\":1", "Node 'stem.conv2d': it has 'pace', which is not known*")]
    [InlineData("\"operator\":\"conv2d\"", "\"operator\":\"conv3d\"", "Node 'stem.conv2d': *attributes are those of 'conv2d'.")]
    [InlineData("\"inputs\":[0,1]", "\"inputs\":[0,99]", "Node 'stem.conv2d': it reads %99, which no node before it makes.")]
    [InlineData("\"inputs\":[2],\"outputs\":[3]", "\"inputs\":[2],\"outputs\":[2]", "Node 'stem.relu': it makes %2, which another*")]
    [InlineData("\"name\":\"stem.relu\",", "", "Node 'number 3': it has no 'name'.")]
    [InlineData("\"name\":\"stem.relu\"", "\"name\":\"stem.conv2d\"", "Node 'stem.conv2d': there are two nodes*")]
    [InlineData("\"shape\":[4,3,3,3]", "\"shape\":[4,3,3,4]", "Node 'stem.weight': its data are 432 bytes*[4,3,3,4]*576*")]
    [InlineData("\"shape\":[4,3,3,3]", "\"shape\":[4,3,3,-3]", "Node 'stem.weight': its 'shape' is [4,3,3,-3]*")]
    [InlineData("\"type\":\"float32\"", "\"type\":\"float16\"", "*'stem.weight': its 'type' is \"float16\"; allowed is one of float32, *")]
    [InlineData("AACAPwAA", "AACAPwAB", "Node 'stem.weight': its data don't have the SHA-256*damaged*")]
    [InlineData("AACAPwAA", "AAC*PwAA", "Node 'stem.weight': its 'data' is *allowed is a list of texts in base64.")]
    [InlineData("size(0,0)", "size(0;0)", "Node 'flatten': its 'sizes' is *allowed is a list of sizes.")]
    [InlineData("\"nodes\":[", "\"nodes\":7,\"more\":[", "*its 'nodes' is 7; allowed is a list of nodes.")]
    [InlineData("\"name\":\"small\"", "\"name\":\"small\",\"name\":\"large\"", "The document is no JSON: *name*")]
    public void A_damaged_or_foreign_document_is_refused_by_what_is_wrong(string original, string damaged, string message)
    {
        var json = GraphsTests.Small().ToJson();
        var place = json.IndexOf(original, StringComparison.Ordinal);
        place.Should().BePositive();

        var read = () => ModelGraph.FromJson(json[..place] + damaged + json[(place + original.Length)..]);

        read.Should().Throw<GraphException>().WithMessage(message);
    }

    [Fact]
    public void A_document_that_ends_anywhere_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(GraphsTests.Small().ToJson());
        for (var length = 0; length < bytes.Length; length += 37)
        {
            using var stream = new MemoryStream(bytes, 0, length);

            stream.Invoking(ModelGraph.ReadJson).Should().Throw<GraphException>().WithMessage("The document is no JSON*");
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"adaqat-graph\"")]
    public void JSON_that_is_no_graph_is_refused(string json)
    {
        var read = () => ModelGraph.FromJson(json);

        read.Should().Throw<GraphException>();
    }
}
