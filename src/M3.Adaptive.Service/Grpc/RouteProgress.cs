using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Service.Grpc;

/// <summary>How far a call's request has come, for whoever ends the call from outside. One thread reports, any may look.</summary>
internal sealed class RouteProgress : IProgress<Episode>
{
    private volatile Episode? _episode;

    /// <summary>Null until a first scale has been chosen. What the scale that runs now was charged is not in it.</summary>
    public RouteSoFar? SoFar => _episode is { } episode ? new RouteSoFar(episode.Decision, episode.Path, episode.Charged) : null;

    public void Report(Episode value) => _episode = value;
}
