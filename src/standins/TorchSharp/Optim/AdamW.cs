using TorchSharp.Modules;
using static TorchSharp.Native.Operators;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.99, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.99,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<AdamW.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.99, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }

    namespace Modules
    {
        /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019). All parameters of a group are updated by few calls.</summary>
        public class AdamW : OptimizerHelper
        {
            private readonly Options _defaults;

            public AdamW(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) { }

            public AdamW(
                IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            {
                if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
                if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
                if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1: {beta1}");
                if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2: {beta2}");
                if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
                _defaults = new Options
                {
                    LearningRate = lr,
                    InitialLearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    amsgrad = amsgrad,
                    maximize = maximize,
                };
                foreach (var group in parameters) add_param_group(group);
            }

            public override void add_param_group(Modules.ParamGroup param_group)
            {
                if (param_group.Options is not Options options) param_group.Options = options = new Options();
                options.LearningRate ??= _defaults.LearningRate;
                options.beta1 ??= _defaults.beta1;
                options.beta2 ??= _defaults.beta2;
                options.eps ??= _defaults.eps;
                options.weight_decay ??= _defaults.weight_decay;
                options.amsgrad ??= _defaults.amsgrad;
                options.maximize ??= _defaults.maximize;
                options.InitialLearningRate = options.LearningRate ?? 0;
                param_group.Parameters = [.. param_group.Parameters];
                _parameter_groups.Add(param_group);
                using var recording = no_grad();
                foreach (var parameter in param_group.Parameters) _state.Add(parameter, new State(parameter, options.amsgrad is true));
            }

            public override Tensor? step(Func<Tensor>? closure = null)
            {
                var loss = closure?.Invoke();
                using var recording = no_grad();
                foreach (var group in _parameter_groups) Update(group);
                return loss;
            }

            private void Update(Modules.ParamGroup group)
            {
                using var scope = NewDisposeScope();
                var options = (Options)group.Options!; // set by add_param_group
                var due = new List<(Parameter Parameter, Tensor Gradient, State State)>();
                foreach (var parameter in group.Parameters)
                    if (parameter.grad is { } gradient) due.Add((parameter, gradient, (State)_state[parameter]));
                // Parameters that have missed updates have another bias correction.
                foreach (var alike in due.GroupBy(entry => entry.State.step))
                    Update(
                        [.. alike.Select(entry => entry.Parameter)], [.. alike.Select(entry => entry.Gradient)],
                        [.. alike.Select(entry => entry.State)], alike.Key + 1, options);
            }

            private static void Update(Tensor[] parameters, Tensor[] gradients, State[] states, long step, Options options)
            {
                var (lr, beta1, beta2) = (options.LearningRate ?? 0, options.beta1 ?? 0, options.beta2 ?? 0);
                var (first, second) = (states.Select(state => state.exp_avg).ToArray(), states.Select(state => state.exp_avg_sq).ToArray());
                var count = parameters.Length;
                if (options.maximize is true) gradients = CallList("_foreach_neg", count, gradients);

                CallInPlace("_foreach_mul_.Scalar", parameters, 1 - lr * (options.weight_decay ?? 0));
                CallInPlace("_foreach_mul_.Scalar", first, beta1);
                CallInPlace("_foreach_add_.List", first, gradients, 1 - beta1);
                CallInPlace("_foreach_mul_.Scalar", second, beta2);
                CallInPlace("_foreach_addcmul_.Scalar", second, gradients, gradients, 1 - beta2);
                if (options.amsgrad is true) second = Largest(states);

                var root = CallList("_foreach_sqrt", count, second);
                CallInPlace("_foreach_div_.Scalar", root, Math.Sqrt(1 - Math.Pow(beta2, step)));
                CallInPlace("_foreach_add_.Scalar", root, options.eps ?? 0);
                CallInPlace("_foreach_addcdiv_.Scalar", parameters, first, root, -lr / (1 - Math.Pow(beta1, step)));
                foreach (var state in states) state.step = step;
            }

            private static Tensor[] Largest(State[] states) =>
                [.. states.Select(state => state.max_exp_avg_sq!.copy_(state.max_exp_avg_sq.maximum(state.exp_avg_sq)))]; // amsgrad has it

            public class State : OptimizerState, IDisposable
            {
                internal State(Tensor parameter, bool amsgrad)
                {
                    exp_avg = zeros_like(parameter).DetachFromDisposeScope();
                    exp_avg_sq = zeros_like(parameter).DetachFromDisposeScope();
                    max_exp_avg_sq = amsgrad ? zeros_like(parameter).DetachFromDisposeScope() : null;
                }

                public long step { get; set; }
                public Tensor exp_avg { get; }
                public Tensor exp_avg_sq { get; }
                public Tensor? max_exp_avg_sq { get; }

                public void Dispose()
                {
                    exp_avg.Dispose();
                    exp_avg_sq.Dispose();
                    max_exp_avg_sq?.Dispose();
                }

                public override void SaveStateDict(BinaryWriter writer)
                {
                    writer.Write(step);
                    exp_avg.Save(writer);
                    exp_avg_sq.Save(writer);
                    writer.Write(max_exp_avg_sq is not null);
                    max_exp_avg_sq?.Save(writer);
                }

                public override void LoadStateDict(BinaryReader reader)
                {
                    step = reader.ReadInt64();
                    exp_avg.Load(reader);
                    exp_avg_sq.Load(reader);
                    if (reader.ReadBoolean() != max_exp_avg_sq is not null) throw new InvalidDataException("amsgrad differs from the stored state's");
                    max_exp_avg_sq?.Load(reader);
                }

                public override void LoadStateDict(OptimizerState source)
                {
                    var other = (State)source;
                    step = other.step;
                    exp_avg.copy_(other.exp_avg);
                    exp_avg_sq.copy_(other.exp_avg_sq);
                    if (other.max_exp_avg_sq is { } largest) max_exp_avg_sq?.copy_(largest);
                }
            }

            public class Options : OptimizerOptions
            {
                public double? beta1 { get; set; }
                public double? beta2 { get; set; }
                public double? weight_decay { get; set; }
                public double? eps { get; set; }
                public bool? amsgrad { get; set; }
                public bool? maximize { get; set; }

                public override void SaveStateDict(BinaryWriter writer)
                {
                    base.SaveStateDict(writer);
                    writer.Write(beta1 ?? 0);
                    writer.Write(beta2 ?? 0);
                    writer.Write(eps ?? 0);
                    writer.Write(weight_decay ?? 0);
                    writer.Write(amsgrad is true);
                    writer.Write(maximize is true);
                }

                public override void LoadStateDict(BinaryReader reader)
                {
                    base.LoadStateDict(reader);
                    beta1 = reader.ReadDouble();
                    beta2 = reader.ReadDouble();
                    eps = reader.ReadDouble();
                    weight_decay = reader.ReadDouble();
                    amsgrad = reader.ReadBoolean();
                    maximize = reader.ReadBoolean();
                }

                public override void LoadStateDict(OptimizerOptions source)
                {
                    base.LoadStateDict(source);
                    var other = (Options)source;
                    (beta1, beta2, eps) = (other.beta1, other.beta2, other.eps);
                    (weight_decay, amsgrad, maximize) = (other.weight_decay, other.amsgrad, other.maximize);
                }
            }

            public class ParamGroup : ParamGroup<Options>
            {
                public ParamGroup() { }

                public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                    double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                    : base(parameters, new Options
                    {
                        LearningRate = lr,
                        beta1 = beta1,
                        beta2 = beta2,
                        eps = eps,
                        weight_decay = weight_decay,
                        amsgrad = amsgrad,
                        maximize = maximize,
                    })
                { }
            }
        }
    }
}
