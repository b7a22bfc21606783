namespace AdaQat.Export;

/// <summary>How <see cref="OnnxExport"/> writes a file.</summary>
public sealed record OnnxOptions
{
    internal const int LowestOpset = 18;
    internal const int HighestOpset = 25;

    /// <summary>How the file says what the network computes; <see cref="OnnxForm.Plain"/> by default.</summary>
    public OnnxForm Form { get; init; } = OnnxForm.Plain;

    /// <summary>
    /// The version of ONNX's operators, 18 to 25; null, the default, for the lowest that the graph and the form need, which most programs
    /// read.
    /// </summary>
    public int? Opset { get; init; }

    /// <summary>
    /// Whether the first axis of every input is a batch of any size: true refuses a graph that takes one size only, false keeps the sizes
    /// of the graph; null, the default, is any size where the graph takes it, which <see cref="OnnxFile.TakesAnyBatch"/> tells.
    /// </summary>
    public bool? AnyBatch { get; init; }

    /// <summary>
    /// Whether weights go into a file of their own beside it, of the same name with <c>.data</c> behind it. Needed from 2 GB on, which is
    /// the most that one file of ONNX can have. False by default.
    /// </summary>
    public bool SeparateWeights { get; init; }

    /// <summary>
    /// Whether the file is for processors that have VNNI, or are not x64. False, the default, for any: where two products of a byte and a
    /// signed byte could be more than 16 bits, in which processors without VNNI add them, weights are stored as unsigned bytes, which
    /// processors with VNNI multiply more slowly. True stores them signed, and <see cref="OnnxFile.Notes"/> names the layers.
    /// </summary>
    public bool AssumesVnni { get; init; }

    /// <summary>
    /// Whether the codes of every quantizer of what is computed are outputs of the file too, behind the graph's, so that
    /// <see cref="Equivalence.CheckOnnx"/> can compare them. False by default.
    /// </summary>
    public bool CodeOutputs { get; init; }

    /// <summary>What else the file says about itself, for example the classes' names; by default nothing.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    internal void Validate()
    {
        if (!Enum.IsDefined(Form))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Form), Form, $"The form is {Form}; allowed are {string.Join(", ", Enum.GetNames<OnnxForm>())}.");
        }

        if (Opset is < LowestOpset or > HighestOpset)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Opset), Opset,
                $"The opset is {Opset}; allowed are {LowestOpset} to {HighestOpset}, and null for the lowest that does.");
        }

        if (Metadata is null || Metadata.Any(entry => entry.Value is null))
        {
            throw new ArgumentException("The metadata is null or has a value that is; allowed are texts.", nameof(Metadata));
        }
    }
}
