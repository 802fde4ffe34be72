using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>What one fixed scale made of the question.</summary>
public sealed record ComparedRun(VisualScale Scale, GenerateReply Reply);
