using System.Collections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules by position; their parameters are named by it.</summary>
        public class ModuleList<T> : nn.Module, IEnumerable<T> where T : nn.Module
        {
            private readonly List<T> _list = [];

            public ModuleList(params T[] modules) : base(nameof(ModuleList<T>))
            {
                foreach (var module in modules) Add(module);
            }

            public int Count => _list.Count;

            public T this[int index] => _list[index];

            public void Add(T item)
            {
                register_module(Count.ToString(), item);
                _list.Add(item);
            }

            public void append(T module) => Add(module);

            public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }

        /// <summary>Modules one after the other.</summary>
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<nn.Module<Tensor, Tensor>> _stages = [];

            internal Sequential(IEnumerable<(string name, nn.Module<Tensor, Tensor> submodule)> modules) : base(nameof(Sequential))
            {
                foreach (var (name, module) in modules)
                {
                    register_module(name, module);
                    _stages.Add(module);
                }
            }

            public int Count => _stages.Count;
            public nn.Module<Tensor, Tensor> this[int index] => _stages[index];

            /// <summary>What stages hand to each other is disposed on the way.</summary>
            public override Tensor forward(Tensor input)
            {
                if (_stages.Count == 0) return input.alias();
                var current = _stages[0].call(input);
                foreach (var stage in _stages.Skip(1))
                {
                    var next = stage.call(current);
                    current.Dispose();
                    current = next;
                }
                return current;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                new(modules.Select((module, index) => (index.ToString(), module)));

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules);
        }
    }
}
