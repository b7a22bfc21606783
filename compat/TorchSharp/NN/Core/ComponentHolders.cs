using System.Reflection;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The public properties and the fields in which a module keeps its components, by component name.</summary>
            private sealed class ComponentHolders(Module module)
            {
                private readonly Dictionary<string, PropertyInfo> _properties = ByName(
                    module.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance), property => property.Name);

                private readonly Dictionary<string, FieldInfo> _fields = ByName(FieldsOf(module.GetType()), field => field.ComponentName());

                /// <summary>Leaves disposing and registering to the property's setter; false where there is no such property.</summary>
                public bool SetProperty(string name, Tensor value)
                {
                    if (!_properties.TryGetValue(name, out var property)) return false;
                    property.SetValue(module, value);
                    return true;
                }

                public void SetField(string name, Tensor value)
                {
                    if (_fields.TryGetValue(name, out var field)) field.SetValue(module, value);
                }

                /// <summary>The first of a name wins: the most derived type's members come first.</summary>
                private static Dictionary<string, T> ByName<T>(IEnumerable<T> members, Func<T, string> name)
                {
                    var result = new Dictionary<string, T>();
                    foreach (var member in members) result.TryAdd(name(member), member);
                    return result;
                }
            }
        }
    }
}
