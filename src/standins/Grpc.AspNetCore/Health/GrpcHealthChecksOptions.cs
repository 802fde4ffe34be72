using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Which health checks make up the health of which service.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>The services that clients may ask for; the empty name, the whole server, takes all checks unless it is replaced.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>Whether Check answers with the last published results instead of running the checks. Default false.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>Whether watches stay open when the server stops, until it closes their connections. Default false.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}

/// <summary>One service and the checks that count for it.</summary>
public sealed class ServiceMapping
{
    public ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(predicate);
        (Name, HealthCheckPredicate) = (name, predicate);
    }

    /// <summary>The service's full name, or the empty one.</summary>
    public string Name { get; }

    /// <summary>Whether a check counts.</summary>
    public Func<HealthCheckMapContext, bool>? HealthCheckPredicate { get; }
}

/// <summary>A registered health check.</summary>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its tags.</summary>
    public IEnumerable<string> Tags { get; } = tags;
}

/// <summary>Mappings by name.</summary>
public sealed class ServiceMappingCollection : IEnumerable<ServiceMapping>
{
    private readonly Mappings _mappings = [];

    /// <summary>Removes all.</summary>
    public void Clear() => _mappings.Clear();

    /// <summary>Removes one, if it is there.</summary>
    public void Remove(string name) => _mappings.Remove(name);

    /// <summary>Adds one; its name must be new.</summary>
    public void Add(ServiceMapping service) => _mappings.Add(service);

    /// <summary>Sets the checks that count for a service.</summary>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        _mappings.Remove(name);
        _mappings.Add(new ServiceMapping(name, predicate));
    }

    /// <inheritdoc/>
    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool TryGet(string name, [NotNullWhen(true)] out ServiceMapping? mapping) => _mappings.TryGetValue(name, out mapping);

    private sealed class Mappings : KeyedCollection<string, ServiceMapping>
    {
        protected override string GetKeyForItem(ServiceMapping item) => item.Name;
    }
}
