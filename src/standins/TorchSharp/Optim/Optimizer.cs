using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>What a learning-rate schedule sees of a parameter group.</summary>
            public interface ILearningRateController
            {
                double LearningRate { get; set; }
                double InitialLearningRate { get; set; }
            }

            /// <summary>Changes parameters by their gradients. Disposing it frees its state, not the parameters.</summary>
            public abstract class Optimizer : IDisposable
            {
                private protected IList<ParamGroup> _parameter_groups { get; } = [];

                public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

                public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

                /// <summary>Sets all gradients to zero, keeping their storage.</summary>
                public virtual void zero_grad()
                {
                    foreach (var parameter in parameters()) parameter.ClearGradient(false);
                }

                /// <summary>One update. The closure, if given, computes the loss with gradients first.</summary>
                public abstract Tensor? step(Func<Tensor>? closure = null);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing) { }

                public class StateDictionary
                {
                    internal StateDictionary(List<OptimizerOptions> options, List<OptimizerState> state) => (Options, State) = (options, state);

                    public List<OptimizerOptions> Options { get; }
                    public List<OptimizerState> State { get; }
                }
            }
        }
    }

    namespace Modules
    {
        /// <summary>Parameters that share their settings.</summary>
        public class ParamGroup : torch.optim.ILearningRateController
        {
            public IEnumerable<Parameter> Parameters { get; set; } = [];
            public OptimizerOptions? Options { get; set; }

            public double LearningRate
            {
                get => Options?.LearningRate ?? 0;
                set => (Options ?? throw new InvalidOperationException("The group belongs to no optimizer yet")).LearningRate = value;
            }

            public double InitialLearningRate
            {
                get => Options?.InitialLearningRate ?? 0;
                set => (Options ?? throw new InvalidOperationException("The group belongs to no optimizer yet")).InitialLearningRate = value;
            }
        }

        public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
            {
                Parameters = parameters;
                base.Options = options;
            }

            public new TOptions? Options
            {
                get => (TOptions?)base.Options;
                set => base.Options = value;
            }
        }

        public class OptimizerOptions
        {
            public double? LearningRate { get; set; }
            public double InitialLearningRate { get; set; }

            public virtual void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(InitialLearningRate);
                writer.Write(LearningRate ?? InitialLearningRate);
            }

            public virtual void LoadStateDict(BinaryReader reader)
            {
                InitialLearningRate = reader.ReadDouble();
                LearningRate = reader.ReadDouble();
            }

            public virtual void LoadStateDict(OptimizerOptions source)
            {
                InitialLearningRate = source.InitialLearningRate;
                LearningRate = source.LearningRate;
            }
        }
    }
}
