using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            /// <summary>The direct children first, then each child's own modules under its name; this module itself is not among them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;

                foreach (var (prefix, child) in _internal_submodules)
                    foreach (var (name, module) in child.named_modules())
                        yield return ($"{prefix}.{name}", module);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            /// <summary>Own parameters, then those of the submodules. One that is reachable in two ways is listed once, under the first name.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<IntPtr>();

                foreach (var (name, parameter) in _internal_params)
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                        yield return (name, parameter);

                if (!recurse) yield break;

                foreach (var (prefix, child) in _internal_submodules)
                    foreach (var (name, parameter) in child.named_parameters(true))
                        if (seen.Add(parameter.Handle))
                            yield return ($"{prefix}.{name}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true)
                => named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>Own buffers, then those of the submodules.</summary>
            /// <remarks>TorchSharp lists persistent buffers only, whatever <paramref name="include_nonpersistent"/> says; so does this.</remarks>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<IntPtr>();

                foreach (var (name, (buffer, persistent)) in _internal_buffers)
                    if (persistent && !buffer.IsInvalid && seen.Add(buffer.Handle))
                        yield return (name, buffer);

                if (!recurse) yield break;

                foreach (var (prefix, child) in _internal_submodules)
                    foreach (var (name, buffer) in child.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer.Handle))
                            yield return ($"{prefix}.{name}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true)
                => named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual bool has_buffer(string target)
                => _internal_buffers.ContainsKey(target) || InChild(target, (child, rest) => child.has_buffer(rest));

            public virtual bool has_parameter(string target)
                => _internal_params.ContainsKey(target) || InChild(target, (child, rest) => child.has_parameter(rest));

            public virtual Tensor get_buffer(string target)
            {
                if (_internal_buffers.TryGetValue(target, out var found)) return found.Item1;
                Tensor result = null;
                InChild(target, (child, rest) => (result = child.get_buffer(rest)) is not null);
                return result;
            }

            public virtual Parameter get_parameter(string target)
            {
                if (_internal_params.TryGetValue(target, out var found)) return found;
                Parameter result = null;
                InChild(target, (child, rest) => (result = child.get_parameter(rest)) is not null);
                return result;
            }

            protected virtual (string name, Parameter parameter)[] _named_parameters() => named_parameters(false).ToArray();

            protected virtual (string name, Tensor buffer)[] _named_buffers() => named_buffers(false).ToArray();

            protected virtual Parameter[] _parameters(bool recurse = true) => parameters(recurse).ToArray();

            /// <summary>Asks the children that the first part of a dotted name names for the rest of it.</summary>
            private bool InChild(string target, Func<Module, string, bool> ask)
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return false;
                var (first, rest) = (target[..dot], target[(dot + 1)..]);
                return named_children().Any(child => child.name == first && ask(child.module, rest));
            }
        }
    }
}
