using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public class AdamWTests
{
    private const double Rate = 0.1, Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-6, Decay = 0.2;

    private static readonly double[][] Gradients = [[1, -2], [0.5, 3], [-4, 0.25]];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Step_ThreeGradients_AsInThePaper(bool amsgrad, bool maximize)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor(new double[] { 1, -1 }));
        using var optimizer = optim.AdamW([parameter], Rate, Beta1, Beta2, Epsilon, Decay, amsgrad, maximize);

        foreach (var gradient in Gradients) Step(parameter, optimizer, gradient);

        var expected = Reference([1, -1], amsgrad, maximize);
        Assert.Equal(expected[0], parameter.detach().data<double>()[0], 1e-12);
        Assert.Equal(expected[1], parameter.detach().data<double>()[1], 1e-12);
    }

    [Fact]
    public void Step_NoGradient_ParameterUntouched()
    {
        using var scope = NewDisposeScope();
        var (moving, still) = (new Parameter(ones(1)), new Parameter(ones(1)));
        using var optimizer = optim.AdamW([moving, still], Rate, Beta1, Beta2, Epsilon, Decay);

        (moving * 2).sum().backward();
        optimizer.step();

        still.ShouldBe([1], 0);
        Assert.True(moving.ToSingle() < 1);
    }

    [Fact]
    public void Step_LateParameter_OwnBiasCorrection()
    {
        using var scope = NewDisposeScope();
        var (early, late) = (new Parameter(ones(1)), new Parameter(ones(1)));
        using var optimizer = optim.AdamW([early, late], Rate);
        (early * 2).sum().backward();
        optimizer.step();
        var after = early.ToSingle();

        optimizer.zero_grad();
        (late * 2).sum().backward();
        optimizer.step();

        Assert.Equal(after, late.ToSingle(), 1e-6f);
    }

    [Fact]
    public void ParamGroups_OwnRates_Used()
    {
        using var scope = NewDisposeScope();
        var (fast, slow) = (new Parameter(ones(1)), new Parameter(ones(1)));
        using var optimizer = optim.AdamW([new AdamW.ParamGroup([fast], 0.5), new AdamW.ParamGroup([slow], 0.25)]);

        (fast + slow).sum().backward();
        optimizer.step();

        Assert.Equal(0.5f, fast.ToSingle(), 1e-5f);
        Assert.Equal(0.75f, slow.ToSingle(), 1e-5f);
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.LearningRate));
    }

    [Fact]
    public void State_StoredAndLoaded_ResumesBitExactly()
    {
        using var scope = NewDisposeScope();
        var (one, two) = (new Parameter(ones(3)), new Parameter(ones(3)));
        using var first = optim.AdamW([one], Rate, Beta1, Beta2, Epsilon, Decay);
        using var second = optim.AdamW([two], 1.0);
        Learn(one, first, 5);
        using var stored = new MemoryStream();
        first.save_state_dict(new BinaryWriter(stored));
        using (no_grad()) two.copy_(one);

        stored.Position = 0;
        second.load_state_dict(new BinaryReader(stored));
        Learn(one, first, 5);
        Learn(two, second, 5);

        two.ShouldBe(one.Read(), 0);
    }

    [Fact]
    public void State_OtherCount_Refused()
    {
        using var scope = NewDisposeScope();
        using var first = optim.AdamW([new Parameter(ones(3))]);
        using var second = optim.AdamW([new Parameter(ones(3)), new Parameter(ones(3))]);
        using var stored = new MemoryStream();
        first.save_state_dict(new BinaryWriter(stored));
        stored.Position = 0;

        Assert.Throws<ArgumentException>(() => second.load_state_dict(new BinaryReader(stored)));
        Assert.Throws<ArgumentException>(() => second.load_state_dict(first.state_dict()));
    }

    [Theory]
    [InlineData(-1, 0.9)]
    [InlineData(0.1, 1.0)]
    public void Constructor_OutOfRange_Refused(double rate, double beta)
    {
        using var parameter = new Parameter(ones(1));

        Assert.Throws<ArgumentException>(() => optim.AdamW([parameter], rate, beta));
    }

    [Fact]
    public void LambdaLR_Steps_ScaleInitialRate()
    {
        using var parameter = new Parameter(ones(1));
        using var optimizer = optim.AdamW([parameter], 0.5);
        var schedule = optim.lr_scheduler.LambdaLR(optimizer, step => 1.0 / (1 + step));

        var rates = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
            schedule.step();
        }

        Assert.Equal([0.5, 0.25, 0.5 / 3], rates);
    }

    [Fact]
    public void ClipGradNorm_TooLong_ScaledTogether()
    {
        using var scope = NewDisposeScope();
        var (one, two, none) = (new Parameter(zeros(1)), new Parameter(zeros(1)), new Parameter(zeros(1)));
        (one * 3 + two * 4).sum().backward();

        var before = nn.utils.clip_grad_norm_([one, two, none], 1);
        var after = nn.utils.clip_grad_norm_([one, two, none], 10);

        Assert.Equal(5, before, 1e-6);
        Assert.Equal(1, after, 1e-5);
    }

    private static void Step(Parameter parameter, AdamW optimizer, double[] gradient)
    {
        optimizer.zero_grad();
        (parameter * tensor(gradient)).sum().backward();
        optimizer.step();
    }

    private static void Learn(Parameter parameter, AdamW optimizer, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            optimizer.zero_grad();
            (parameter * parameter * Values.Floats(1, 2, 3)).sum().backward();
            optimizer.step();
        }
    }

    /// <summary>Loshchilov and Hutter 2019, algorithm 2, with decay times the rate.</summary>
    private static double[] Reference(double[] start, bool amsgrad, bool maximize)
    {
        var result = (double[])start.Clone();
        for (var i = 0; i < result.Length; i++)
        {
            double mean = 0, square = 0, largest = 0;
            for (var t = 1; t <= Gradients.Length; t++)
            {
                var gradient = maximize ? -Gradients[t - 1][i] : Gradients[t - 1][i];
                mean = Beta1 * mean + (1 - Beta1) * gradient;
                square = Beta2 * square + (1 - Beta2) * gradient * gradient;
                largest = amsgrad ? Math.Max(largest, square) : square;
                result[i] -= Rate * Decay * result[i];
                result[i] -= Rate * (mean / (1 - Math.Pow(Beta1, t))) / (Math.Sqrt(largest / (1 - Math.Pow(Beta2, t))) + Epsilon);
            }
        }
        return result;
    }
}
