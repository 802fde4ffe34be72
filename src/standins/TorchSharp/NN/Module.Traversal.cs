using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>This module's parameters, then those of its children; each once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach (var (prefix, module) in Reached(recurse))
                    foreach (var (name, parameter) in module._parameters)
                        if (seen.Add(parameter)) yield return (Join(prefix, name), parameter);
            }

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (prefix, module) in Reached(recurse))
                    foreach (var (name, buffer) in module._buffers)
                        if (seen.Add(buffer)) yield return (Join(prefix, name), buffer);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(entry => entry.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() =>
                _children.Select(entry => (entry.Name, entry.Value));

            public virtual IEnumerable<Module> children() => _children.Select(entry => entry.Value);

            /// <summary>All modules below this one, without itself.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                Reached(true).Skip(1).Select(entry => (entry.Prefix, entry.Module));

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual bool has_parameter(string target) => named_parameters().Any(entry => entry.name == target);

            public virtual bool has_buffer(string target) => named_buffers().Any(entry => entry.name == target);

            public virtual Parameter? get_parameter(string target) =>
                named_parameters().FirstOrDefault(entry => entry.name == target).parameter;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(entry => entry.name == target).buffer;

            /// <summary>Every parameter and persistent buffer by its full name; the tensors are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (path, module) in Reached(true))
                {
                    var whole = Join(prefix ?? "", path);
                    foreach (var (name, parameter) in module._parameters) destination.TryAdd(Join(whole, name), parameter);
                    foreach (var (name, buffer) in module._buffers)
                        if (!module._transientBuffers.Contains(name)) destination.TryAdd(Join(whole, name), buffer);
                }
                return destination;
            }

            /// <summary>Copies values into the module's own tensors, converting their element type where it differs.</summary>
            /// <param name="strict">Refuse missing or unexpected keys.</param>
            /// <param name="skip">Keys to leave as they are.</param>
            /// <returns>Keys that the source lacks, and keys that the module lacks.</returns>
            /// <exception cref="InvalidOperationException">Strict, and the keys differ.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                var missing = own.Keys.Where(key => !source.ContainsKey(key)).ToList();
                var unexpected = source.Keys.Where(key => !own.ContainsKey(key)).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException(
                        "The loaded state_dict is not identical to the target dictionary. " +
                        $"Missing: [{string.Join(", ", missing)}], unexpected: [{string.Join(", ", unexpected)}]");
                using var recording = no_grad();
                foreach (var (key, value) in source)
                    if (own.TryGetValue(key, out var target) && skip?.Contains(key) != true) target.copy_(value);
                return (missing, unexpected);
            }

            private static string Join(string prefix, string name) =>
                prefix.Length == 0 ? name : name.Length == 0 ? prefix : $"{prefix}.{name}";

            /// <summary>This module and those below it, parents first, each once.</summary>
            private IEnumerable<(string Prefix, Module Module)> Reached(bool recurse) =>
                recurse ? Reached("", new HashSet<Module>(ReferenceEqualityComparer.Instance)) : [("", this)];

            private IEnumerable<(string Prefix, Module Module)> Reached(string prefix, HashSet<Module> seen)
            {
                if (!seen.Add(this)) yield break;
                yield return (prefix, this);
                foreach (var (name, child) in _children)
                    foreach (var entry in child.Reached(Join(prefix, name), seen))
                        yield return entry;
            }
        }
    }
}
