using M3.Adaptive.Routing.Behaviors;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Escalation;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Telemetry;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing;

public static class RoutingServices
{
    /// <summary>
    /// Adds the use cases behind <see cref="IMediator"/>. The host supplies IGenerator, IScalePredictor, IConfidence and
    /// IDecisionLog as singletons, logging, metrics (IMeterFactory) and the configuration sections of the options.
    /// </summary>
    public static IServiceCollection AddScaleRouting(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RoutingOptions, RoutingOptionsValidator>().BindConfiguration(RoutingOptions.Section);
        services.AddSingleton<IValidateOptions<RoutingOptions>, SafeScaleValidator>();
        services.AddOptionsWithValidateOnStart<EscalationOptions, EscalationOptionsValidator>().BindConfiguration(EscalationOptions.Section);
        services.AddOptionsWithValidateOnStart<ReplyOptions, ReplyOptionsValidator>().BindConfiguration(ReplyOptions.Section);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RoutingMetrics>();
        services.AddSingleton<ReplyMemory>();
        services.AddSingleton<RequestRouter>();
        services.AddSingleton(provider => new ExplorationDice(provider.GetRequiredService<IOptions<RoutingOptions>>().Value.ExplorationSeed));

        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddSingleton<IMediator, Mediator>();
        services.AddSingleton<IRequestHandler<GenerateQuery, GenerateReply>, GenerateHandler>();
        services.AddSingleton<IRequestHandler<RouteQuery, RouteReply>, RouteHandler>();
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(TracingBehavior<,>));
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        return services;
    }
}
