using System.Text.RegularExpressions;
using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>Graphs as flowcharts.</summary>
public sealed partial class PicturesTests
{
    [Fact]
    public void Modules_are_frames_and_quantizers_are_on_the_arrows()
    {
        var g = new GraphBuilder("net");
        var image = g.Input("image", [1, 3, 8, 8]);
        var x = g.Quantize(image, new QuantizeOperator(0.1, 0, -128, 127));
        using (g.InModule("stem.conv"))
        {
            var weight = g.Quantize(g.Constant("stem.conv.weight", Zeros(4, 3, 3, 3)), new QuantizeOperator(0.1, 0.5, -2, 1));
            x = g.Convolution(x, weight, stride: 2, padding: 1);
        }

        using (g.InModule("stem.relu"))
        {
            x = g.Relu(x);
        }

        x = g.Quantize(x, new QuantizeOperator(0.1, 0, 0, 15));
        x = g.Add(g.Multiply(x, g.Number(0.5)), g.Constant("shift", Zeros(4, 1, 1)));
        g.Output("\"features\"", x);

        g.Build().ToMermaid().Should().Be(
            """
            flowchart TD
              n0(["image"])
              n3{{"mul 0.5"}}
              n4{{"add shift"}}
              n5(["#quot;features#quot;"])
              subgraph m0["stem"]
                n1["conv2d 3×3, stride 2<br/>3 → 4<br/>weights 2 bit<br/>conv"]
                n2["relu"]
              end
              n0 -->|"8 bit · 1×3×8×8"| n1
              n1 -->|"1×4×4×4"| n2
              n2 -->|"4 bit · 1×4×4×4"| n3
              n3 -->|"1×4×4×4"| n4
              n4 -->|"1×4×4×4"| n5

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_operator_is_drawn_once_and_every_arrow_leads_from_box_to_box()
    {
        var text = EveryOperator.Graph().ToMermaid();

        var boxes = Box().Matches(text).Select(box => box.Groups[1].Value).ToList();
        boxes.Should().OnlyHaveUniqueItems();
        Arrow().Matches(text).SelectMany(arrow => new[] { arrow.Groups[1].Value, arrow.Groups[2].Value }).Should().BeSubsetOf(boxes);
        Regex.Count(text, "subgraph").Should().Be(Regex.Count(text, @"^ *end$", RegexOptions.Multiline));
    }

    private static GraphTensor Zeros(params long[] shape) => GraphTensor.Of(new(shape), new float[new Shape(shape).ElementCount]);

    [GeneratedRegex(@"^ +(n\d+)[\[({]", RegexOptions.Multiline)]
    private static partial Regex Box();

    [GeneratedRegex(@"^ +(n\d+) -->\|""[^""|]*""\| (n\d+)$", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
