using System.CommandLine;
using System.CommandLine.Parsing;
using M3.Adaptive.Core;

namespace M3.Adaptive.Service.Administration;

/// <summary>What the operators' commands have in common.</summary>
internal static class Operator
{
    /// <summary>Who runs the command, as the audit table names it.</summary>
    public static string Name => $"{Environment.UserName}@{Environment.MachineName}";

    public static Option<bool> JsonOption() => new("--json") { Description = "Print one JSON object." };

    public static Argument<string> TenantArgument()
    {
        var tenant = new Argument<string>("TENANT") { Description = $"Whose; {Tenants.Default} is every caller without a key." };
        tenant.Validators.Add(Require);
        return tenant;
    }

    public static Option<string> TenantOption(string description)
    {
        var tenant = new Option<string>("--tenant") { Description = description, HelpName = "TENANT", DefaultValueFactory = _ => Tenants.Default };
        tenant.Validators.Add(Require);
        return tenant;
    }

    private static void Require(SymbolResult result)
    {
        var text = result.Tokens.SingleOrDefault()?.Value;
        if (text is not null && !Tenants.IsName(text)) result.AddError($"'{text}' is no name of a tenant; expected {Tenants.Expectation}.");
    }
}
