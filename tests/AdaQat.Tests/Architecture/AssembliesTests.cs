using System.Reflection;
using System.Runtime.CompilerServices;
using AdaQat.Quantizers;

namespace AdaQat.Tests.Architecture;

/// <summary>Which assembly may need which.</summary>
public sealed class AssembliesTests
{
    [Theory]
    [InlineData(typeof(AdaQat.Graph.ModelGraph))]
    [InlineData(typeof(QuantizedModel), "AdaQat.Graph", "TorchSharp")]
    [InlineData(typeof(AdaQat.Quantizers.QuantizationOptions), "AdaQat.Core", "TorchSharp")]
    [InlineData(typeof(AdaQat.Training.TerminalProgress), "AdaQat.Core", "Spectre.Console")]
    [InlineData(typeof(AdaQat.Reports.SensitivityPage), "AdaQat.Core")]
    [InlineData(typeof(AdaQat.Runtime.IntegerModel), "AdaQat.Graph")]
    [InlineData(typeof(AdaQat.Export.OnnxExport), "AdaQat.Core", "AdaQat.Graph", "AdaQat.Runtime", "TorchSharp")]
    [InlineData(typeof(AdaQat.Search.ChannelSearch), "AdaQat.Core", "AdaQat.Graph", "TorchSharp")]
    public void A_library_needs_these_besides_the_system(Type member, params string[] allowed)
    {
        member.Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .Should().BeEquivalentTo(allowed);
    }

    [Fact]
    public void Nobody_sees_the_internals_of_the_sample()
    {
        typeof(ResNet20Cifar.SampleRun).Assembly.GetCustomAttributes<InternalsVisibleToAttribute>().Select(seen => seen.AssemblyName)
            .Should().BeEmpty("benchmarks and studies share what is public there");
    }
}
