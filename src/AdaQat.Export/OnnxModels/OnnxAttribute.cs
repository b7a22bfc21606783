using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>Something that is said about a node besides its inputs.</summary>
/// <param name="Name">ONNX's name of it.</param>
/// <param name="Value">A <see cref="long"/>, a <see cref="float"/>, a <see cref="string"/>, or a list of <see cref="long"/>.</param>
internal sealed record OnnxAttribute(string Name, object Value)
{
    public static OnnxAttribute Of(string name, long value) => new(name, value);

    public static OnnxAttribute Of(string name, double value) => new(name, (float)value);

    public static OnnxAttribute Of(string name, string value) => new(name, value);

    public static OnnxAttribute Of(string name, params IEnumerable<long> values) => new(name, (EquatableList<long>)[.. values]);

    public ProtoMessage ToProto()
    {
        var message = new ProtoMessage();
        message.Add(1, Name);
        switch (Value)
        {
            case float number:
                message.Add(2, number);
                message.Add(20, 1);
                break;
            case long number:
                message.Add(3, number);
                message.Add(20, 2);
                break;
            case string text:
                message.Add(4, text);
                message.Add(20, 3);
                break;
            default:
                message.AddAll(8, (EquatableList<long>)Value);
                message.Add(20, 7);
                break;
        }

        return message;
    }
}
