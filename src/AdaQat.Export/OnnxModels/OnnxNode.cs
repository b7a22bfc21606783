using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>An operation of a model: what it reads and what it makes, by names.</summary>
internal sealed record OnnxNode(
    string Operation, string Name, EquatableList<string> Inputs, EquatableList<string> Outputs, EquatableList<OnnxAttribute> Attributes)
{
    public ProtoMessage ToProto()
    {
        var message = new ProtoMessage();
        foreach (var input in Inputs)
        {
            message.Add(1, input);
        }

        foreach (var output in Outputs)
        {
            message.Add(2, output);
        }

        message.Add(3, Name);
        message.Add(4, Operation);
        foreach (var attribute in Attributes)
        {
            message.Add(5, attribute.ToProto());
        }

        return message;
    }
}
