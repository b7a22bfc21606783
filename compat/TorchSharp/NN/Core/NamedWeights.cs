using TorchSharp.Modules;

namespace TorchSharp;

/// <summary>
/// Parameters that a module has under a name only, without a field: those of modules that are one native object in TorchSharp, which
/// names them as libtorch does, dots included.
/// </summary>
internal static class NamedWeights
{
    public static void Register(torch.nn.Module module, string name, torch.Tensor value)
        => module.register_parameter(name, (Parameter)torch.nn.Parameter(value).DetachFromDisposeScope());

    /// <summary>The module's own parameter of that name, or null.</summary>
    public static Parameter Find(torch.nn.Module module, string name)
        => module.named_parameters(false).FirstOrDefault(entry => entry.name == name).parameter;
}
