using static TorchSharp.torch;

namespace TorchSharp.Tests.StandIn;

public class RuntimeTests
{
    [Fact]
    public void Threads_Set_EveryThreadSeesIt()
    {
        var former = get_num_threads();
        var elsewhere = 0;
        try
        {
            set_num_threads(1);
            var thread = new Thread(() =>
            {
                using var x = zeros(1);
                elsewhere = get_num_threads();
            });
            thread.Start();
            thread.Join();

            Assert.Equal(1, get_num_threads());
            Assert.Equal(1, elsewhere);
        }
        finally
        {
            set_num_threads(former);
        }
    }

    [Fact]
    public void Threads_Default_AllProcessors()
    {
        var asked = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");

        Assert.Equal(string.IsNullOrEmpty(asked) ? Environment.ProcessorCount : int.Parse(asked), Process.ThreadsAtStart);
    }

    [Fact]
    public void Version_Libtorch_Known() => Assert.Matches(@"^[12]\.\d+\.\d+$", __version__);

    [Fact]
    public void Cuda_Unavailable_NoDevices() => Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
}
