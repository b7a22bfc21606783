namespace AdaQat.Tests.Costs;

/// <summary>Tables of energies as users write them.</summary>
public sealed class EnergyFileTests : IDisposable
{
    private const string Good = """
        # measured on the board
        operation,bits,picojoules
        multiply,8,0.2
        multiply,32,3.1

        add,32,0.1
        float-multiply,32,3.7
        float-add,32,0.9
        weight-memory,1,0.5
        activation-memory,1,0
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_table_of_ones_own_is_read()
    {
        var table = Read(Good);

        table.Source.Should().Be("energy.csv");
        table.Multiplications.Should().Equal(new OperationEnergy(8, 0.2), new OperationEnergy(32, 3.1));
        table.Additions.Should().Equal(new OperationEnergy(32, 0.1));
        (table.FloatMultiplication, table.FloatAddition, table.WeightMemory, table.ActivationMemory).Should().Be((3.7, 0.9, 0.5, 0));
    }

    [Theory]
    [InlineData("multiply,8,0.2", "multiply,8,fast", "*energy.csv', line 3, column 'picojoules': 'fast' is no number above 0.")]
    [InlineData("multiply,8,0.2", "divide,8,0.2", "*line 3, column 'operation': 'divide' is no operation; allowed are multiply, add*")]
    [InlineData("multiply,32,3.1", "multiply,8,3.1", "*line 4, column 'bits': '8' does not come after 8; widths must ascend.")]
    [InlineData("multiply,32,3.1", "multiply,32,0.1", "*line 4, column 'picojoules': '0.1' is less than at fewer bits.")]
    [InlineData("add,32,0.1", "add,32", "*line 6: there are 2 cells, and 3 columns: operation,bits,picojoules.")]
    [InlineData("float-add,32,0.9", "float-multiply,32,0.9", "*line 8, column 'operation': 'float-multiply' is there twice.")]
    [InlineData("float-add,32,0.9", "float-add,16,0.9", "*line 8, column 'bits': '16' is not the width of float-add, which is 32.")]
    [InlineData("weight-memory,1,0.5", "", "*energy.csv' has no row of weight-memory.")]
    [InlineData("operation,bits", "operation,width", "*line 2: the first line must name the columns: operation,bits,picojoules.")]
    [InlineData("float-multiply,32,3.7", "float-multiply,32,0.7", "*energy.csv': A product of 24 bits and its sum take*")]
    public void What_is_wrong_is_told_by_line_and_column(string good, string bad, string message)
    {
        FluentActions.Invoking(() => Read(Good.Replace(good, bad, StringComparison.Ordinal)))
            .Should().Throw<InvalidDataException>().WithMessage(message);
    }

    public void Dispose() => _folder.Dispose();

    private EnergyTable Read(string text)
    {
        var path = _folder.In("energy.csv");
        File.WriteAllText(path, text);
        return EnergyTable.Read(path);
    }
}
