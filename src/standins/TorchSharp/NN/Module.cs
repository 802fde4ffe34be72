using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A piece of a network: parameters, buffers and submodules by name. Subclasses call RegisterComponents once they have assigned them.
        /// Owns what is registered: disposing it disposes that.
        /// </summary>
        public abstract partial class Module : IDisposable
        {
            private const BindingFlags InstanceFields = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

            private readonly Named<Parameter> _parameters = new();
            private readonly Named<Tensor> _buffers = new();
            private readonly Named<Module> _children = new();
            private readonly HashSet<string> _transientBuffers = [];
            private readonly string _name;
            private bool _registered;

            protected Module(string name) => _name = name;

            public bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            public virtual void train(bool on = true)
            {
                training = on;
                foreach (var (_, child) in _children) child.train(on);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters()) parameter.ClearGradient(set_to_none);
            }

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in _children) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                param.DetachFromDisposeScope();
                if (!_parameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                tensor.DetachFromDisposeScope();
                if (!_buffers.TryAdd(name, tensor)) throw new InvalidOperationException($"Tensor {name} is already registered.");
                if (!persistent) _transientBuffers.Add(name);
            }

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                if (string.IsNullOrEmpty(name) || name.Contains('.'))
                    throw new ArgumentException($"A module's name is not empty and has no dot, got: '{name}'");
                if (!_children.TryAdd(name, submodule)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Registers the fields of this object that hold modules, parameters and tensors, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                if (_registered) return;
                foreach (var field in ComponentFields())
                {
                    var name = ComponentName(field);
                    if (_children.ContainsKey(name) || _parameters.ContainsKey(name) || _buffers.ContainsKey(name)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(name, tensor);
                            break;
                    }
                }
                _registered = true;
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var (_, buffer) in _buffers) buffer.Dispose();
                foreach (var (_, parameter) in _parameters) parameter.Dispose();
                foreach (var (_, child) in _children) child.Dispose();
            }

            private IEnumerable<FieldInfo> ComponentFields()
            {
                // The layers of this assembly register by name; only what subclasses add is found by reflection.
                for (var type = GetType(); type is not null && type.Assembly != typeof(Module).Assembly; type = type.BaseType)
                    foreach (var field in type.GetFields(InstanceFields | BindingFlags.DeclaredOnly))
                        yield return field;
            }

            /// <summary>A field's own name, or its property's when the compiler made the field.</summary>
            private static string ComponentName(FieldInfo field) =>
                field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
        }
    }
}
