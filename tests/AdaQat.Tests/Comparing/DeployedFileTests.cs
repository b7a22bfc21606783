using AdaQat.Export;

namespace AdaQat.Tests.Comparing;

/// <summary>Files of whole networks.</summary>
public sealed class DeployedFileTests
{
    public static TheoryData<string> Networks() => [.. DeployedNetworks.Names];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Beside_codes_and_tables_a_networks_file_has_16_bytes_a_channel_and_reader_128_a_node_and_4_KB_at_most(string name)
    {
        var (model, images) = DeployedNetworks.Make(name);
        using (model)
        using (images)
        {
            using var quantized = DeployedNetworks.Quantize(model, images, "LSQ", "mixed");

            var compiled = IntegerCompiler.Compile(quantized, images, new() { AllowFloatIslands = name == "vision transformer" });

            FileBounds.Beside(compiled).Should().BePositive().And.BeLessThanOrEqualTo(FileBounds.Most(compiled));
            using var file = new MemoryStream();
            compiled.Save(file);
            compiled.Bytes.File.Should().Be(file.Length);
        }
    }
}
