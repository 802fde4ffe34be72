namespace M3.Adaptive.Service.Retraining;

internal static class RetrainingServices
{
    /// <summary>Adds the schedule of retrainings. Comes after the audits.</summary>
    public static void AddRetraining(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RetrainingOptions, RetrainingOptionsValidator>().BindConfiguration(RetrainingOptions.Section);
        services.AddSingleton<RetrainingTurn>();
        services.AddHostedService<RetrainingSchedule>();
    }
}
