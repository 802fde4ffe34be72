namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rate of every group from the number of steps taken. Making it sets the rate of step 0.</summary>
            public abstract class LRScheduler
            {
                private protected readonly double[] _base_lrs;
                private readonly Optimizer _optimizer;

                private protected LRScheduler(Optimizer optimizer)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _optimizer = optimizer;
                    _base_lrs = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                }

                /// <summary>Goes on by one step, to be called after the optimizer's.</summary>
                public void step() => step(_last_epoch + 1);

                /// <summary>Goes to a step, as when resuming.</summary>
                public void step(int epoch)
                {
                    _last_epoch = epoch;
                    foreach (var (group, rate) in _optimizer.ParamGroups.Zip(_base_lrs)) group.LearningRate = rate * Factor(epoch);
                }

                private protected int _last_epoch { get; private set; }

                private protected abstract double Factor(int epoch);
            }

            /// <summary>The initial rate times a function of the step.</summary>
            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1) =>
                new Lambda(optimizer, lr_lambda, last_epoch);

            private sealed class Lambda : LRScheduler
            {
                private readonly Func<int, double> _lambda;

                public Lambda(Optimizer optimizer, Func<int, double> lambda, int lastEpoch) : base(optimizer)
                {
                    _lambda = lambda;
                    step(lastEpoch + 1);
                }

                private protected override double Factor(int epoch) => _lambda(epoch);
            }
        }
    }
}
