using M3.Adaptive.Routing.Requests;
using MediatR;

namespace M3.Adaptive.Service.Auditing;

internal static class AuditServices
{
    /// <summary>Adds the drawing of answers to audit, innermost around the use case, and what audits them. Comes after the use cases.</summary>
    public static void AddAuditing(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AuditOptions, AuditOptionsValidator>().BindConfiguration(AuditOptions.Section);
        services.AddSingleton<AuditQueue>();
        services.AddSingleton<IPipelineBehavior<GenerateQuery, GenerateReply>, AuditSampling>();
        services.AddHostedService<Auditor>();
    }
}
