using TorchSharp;
using TorchSharp.Modules;

namespace AdaQat.Search.Spaces;

/// <summary>The sizes of all that a model holds.</summary>
internal static class ModelShapes
{
    /// <summary>What the name of a convolution's number of groups ends with: a size like any other.</summary>
    public const string Groups = ".#groups";

    /// <summary>Shapes of parameters and buffers, and the groups of convolutions, by name.</summary>
    public static IReadOnlyDictionary<string, long[]> Of(torch.nn.Module model)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
            shapes[name] = parameter.shape;
        }

        foreach (var (name, buffer) in model.named_buffers())
        {
            shapes[name] = buffer.shape;
        }

        foreach (var (name, module) in model.named_modules())
        {
            if (module is Convolution convolution)
            {
                shapes[name + Groups] = [convolution.groups];
            }
        }

        return shapes;
    }

    /// <summary>The module that a parameter or buffer is in; empty for the model's own.</summary>
    public static string ModuleOf(string name) => name.EndsWith(Groups, StringComparison.Ordinal)
        ? name[..^Groups.Length]
        : name[..Math.Max(0, name.LastIndexOf('.'))];
}
