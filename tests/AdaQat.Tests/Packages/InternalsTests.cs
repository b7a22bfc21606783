using System.Runtime.CompilerServices;
using AdaQat.Quantizers;

namespace AdaQat.Tests.Packages;

public sealed class InternalsTests
{
    [Theory]
    [InlineData(typeof(AdaQat.Graph.ModelGraph), "AdaQat.Runtime")]
    [InlineData(typeof(QuantizedModel), "AdaQat.Export", "AdaQat.Search")]
    [InlineData(typeof(DoReFaQuantizer))]
    [InlineData(typeof(AdaQat.Training.TerminalProgress))]
    [InlineData(typeof(AdaQat.Reports.SensitivityPage))]
    [InlineData(typeof(AdaQat.Runtime.IntegerModel), "AdaQat.Export")]
    [InlineData(typeof(AdaQat.Export.OnnxExport))]
    [InlineData(typeof(AdaQat.Search.ChannelSearch))]
    public void Only_the_tests_and_the_libraries_listed_here_see_a_librarys_internals(Type member, params string[] others)
    {
        member.Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false).Cast<InternalsVisibleToAttribute>()
            .Select(a => a.AssemblyName).Should().BeEquivalentTo([.. others, "AdaQat.Tests"]);
    }
}
