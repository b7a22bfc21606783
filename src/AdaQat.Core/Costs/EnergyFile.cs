namespace AdaQat.Costs;

/// <summary>A table of energies as a CSV file.</summary>
internal static class EnergyFile
{
    private const string Multiply = "multiply";
    private const string Add = "add";
    private static readonly string[] Columns = ["operation", "bits", "picojoules"];
    private static readonly Dictionary<string, int> SingleOperations = new()
    {
        ["float-multiply"] = BitWidth.FloatBits,
        ["float-add"] = BitWidth.FloatBits,
        ["weight-memory"] = 1,
        ["activation-memory"] = 1,
    };

    public static EnergyTable Read(string path)
    {
        var lists = new Dictionary<string, List<OperationEnergy>> { [Multiply] = [], [Add] = [] };
        var single = new Dictionary<string, double>();
        foreach (var row in CsvRow.Read(path, Columns))
        {
            var operation = row.Text("operation");
            if (lists.TryGetValue(operation, out var list))
            {
                list.Add(Ascending(row, list));
            }
            else if (!SingleOperations.TryGetValue(operation, out var bits))
            {
                throw row.Fault("operation", $"is no operation; allowed are {string.Join(", ", lists.Keys.Concat(SingleOperations.Keys))}");
            }
            else if (!single.TryAdd(operation, Single(row, bits)))
            {
                throw row.Fault("operation", "is there twice");
            }
        }

        var missing = lists.Where(l => l.Value.Count == 0).Select(l => l.Key).Concat(SingleOperations.Keys.Except(single.Keys)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidDataException($"'{path}' has no row of {string.Join(", ", missing)}.");
        }

        var table = new EnergyTable
        {
            Source = Path.GetFileName(path),
            Multiplications = lists[Multiply],
            Additions = lists[Add],
            FloatMultiplication = single["float-multiply"],
            FloatAddition = single["float-add"],
            WeightMemory = single["weight-memory"],
            ActivationMemory = single["activation-memory"],
        };
        return Checked(table, path);
    }

    private static OperationEnergy Ascending(CsvRow row, List<OperationEnergy> before)
    {
        var energy = new OperationEnergy(row.Whole("bits", 1, 64), row.Number("picojoules"));
        if (before.Count == 0)
        {
            return energy;
        }

        return energy.Bits <= before[^1].Bits ? throw row.Fault("bits", $"does not come after {before[^1].Bits}; widths must ascend")
            : energy.Picojoules < before[^1].Picojoules ? throw row.Fault("picojoules", "is less than at fewer bits")
            : energy;
    }

    private static double Single(CsvRow row, int bits) => row.Whole("bits", 1, 64) == bits
        ? row.Number("picojoules", allowsZero: bits == 1)
        : throw row.Fault("bits", $"is not the width of {row.Text("operation")}, which is {bits}");

    private static EnergyTable Checked(EnergyTable table, string path)
    {
        try
        {
            table.Validate();
            return table;
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"'{path}': {fault.Message}", fault);
        }
    }
}
