namespace TorchSharp.Utils;

/// <summary>Gives the parameter, buffer or submodule held by a field another name than the field's own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class ComponentNameAttribute : Attribute
{
    public string Name { get; set; }
}
