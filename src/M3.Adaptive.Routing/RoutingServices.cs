using M3.Adaptive.Routing.Behaviors;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Limits;
using M3.Adaptive.Routing.Pictures;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Retries;
using M3.Adaptive.Routing.Telemetry;
using M3.Adaptive.Routing.Wishes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing;

public static class RoutingServices
{
    /// <summary>
    /// Adds the use cases behind <see cref="IMediator"/>. The host supplies IGenerator, IPredictorRoster,
    /// IDecisionLog, IBudgetLedger and IOutcomeLog as singletons, logging, metrics (IMeterFactory) and the configuration sections of the options.
    /// </summary>
    public static IServiceCollection AddScaleRouting(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RoutingOptions, RoutingOptionsValidator>().BindConfiguration(RoutingOptions.Section);
        services.AddSingleton<IValidateOptions<RoutingOptions>, SafeScaleValidator>();
        services.AddOptionsWithValidateOnStart<EscalationOptions, EscalationOptionsValidator>().BindConfiguration(EscalationOptions.Section);
        services.AddOptionsWithValidateOnStart<ReplyOptions, ReplyOptionsValidator>().BindConfiguration(ReplyOptions.Section);
        services.AddOptionsWithValidateOnStart<BudgetOptions, BudgetOptionsValidator>().BindConfiguration(BudgetOptions.Section);
        services.AddOptionsWithValidateOnStart<ScaleLimitOptions, ScaleLimitOptionsValidator>().BindConfiguration(ScaleLimitOptions.Section);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AnswerCounts>();
        services.AddSingleton<Pacer>();
        services.AddSingleton<BudgetGate>();
        services.AddSingleton<RoutingMetrics>();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<OutcomeMetrics>();
        services.AddSingleton<ReplyMemory>();
        services.AddSingleton<ScaleLimits>();
        services.AddSingleton(new SentPictures(SentPictures.DefaultCapacity));
        services.AddSingleton<RequestRouter>();
        services.AddSingleton(provider => new ExplorationDice(provider.GetRequiredService<IOptions<RoutingOptions>>().Value.ExplorationSeed));

        // The order of behaviours is the order of registration, outermost first: what is refused is traced, and never remembered.
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddSingleton<IMediator, Mediator>();
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(TracingBehavior<,>));
        services.AddSingleton<IPipelineBehavior<GenerateQuery, GenerateReply>, DurationBehavior>();
        services.AddUseCase<GenerateQuery, GenerateReply, GenerateHandler>(RequestFaults.Of);
        services.AddUseCase<RouteQuery, RouteReply, RouteHandler>(RequestFaults.Of);
        services.AddUseCase<OutcomeCommand, Unit, OutcomeHandler>(OutcomeCommand.FaultsOf);
        services.AddUseCase<ModelQuery, ModelReply, ModelHandler>(ModelQuery.FaultsOf);
        services.AddUseCase<StatusQuery, StatusReply, StatusHandler>(static _ => []);
        services.AddSingleton<IPipelineBehavior<GenerateQuery, GenerateReply>, RetryBehavior>();
        return services;
    }

    // Handler and validation come together, so that no request reaches its handler unchecked.
    private static void AddUseCase<TRequest, TReply, THandler>(this IServiceCollection services, Func<TRequest, IReadOnlyList<FieldFault>> faultsOf)
        where TRequest : IRequest<TReply>
        where THandler : class, IRequestHandler<TRequest, TReply>
    {
        services.AddSingleton<IPipelineBehavior<TRequest, TReply>>(new ValidationBehavior<TRequest, TReply>(faultsOf));
        services.AddSingleton<IRequestHandler<TRequest, TReply>, THandler>();
    }
}
