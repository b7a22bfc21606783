namespace AdaQat.Export;

/// <summary>An input or an output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its elements are.</param>
/// <param name="Sizes">A size for each axis: a number, or the name of one that differs from call to call.</param>
internal sealed record OnnxValue(string Name, OnnxElement Type, IReadOnlyList<OnnxSize> Sizes)
{
    public ProtoMessage ToProto()
    {
        var (shape, tensor, type, message) = (new ProtoMessage(), new ProtoMessage(), new ProtoMessage(), new ProtoMessage());
        foreach (var size in Sizes)
        {
            var dimension = new ProtoMessage();
            if (size.Name is { } name)
            {
                dimension.Add(2, name);
            }
            else
            {
                dimension.Add(1, size.Number);
            }

            shape.Add(1, dimension);
        }

        tensor.Add(1, (long)Type);
        tensor.Add(2, shape);
        type.Add(1, tensor);
        message.Add(1, Name);
        message.Add(2, type);
        return message;
    }
}
