using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;

namespace M3.Adaptive.Service.Administration;

/// <summary><c>key create|list|revoke</c>: what callers show. Works beside a running service.</summary>
internal static class KeyCommand
{
    public static Command Create() => new("key", "Keys by which callers are told apart.") { Make(), List(), Revoke() };

    private static Command Make()
    {
        var tenant = Operator.TenantOption("Whose requests it makes.");
        var role = new Option<KeyRole>("--role") { Description = "A client asks; an admin also sets budgets and makes keys, for every tenant.", DefaultValueFactory = _ => KeyRole.Client };
        var (json, access) = (Operator.JsonOption(), new StoreAccess());
        var command = new Command("create", "Makes a key and prints it: this once, as only its hash is kept.") { tenant, role, json, access.Option };
        command.SetWork((parsed, cancellation) => access.UseAsync(
            parsed,
            async (store, stop) =>
            {
                var (key, record) = await store.Keys.CreateAsync(parsed.GetRequiredValue(tenant), parsed.GetValue(role), Operator.Name, stop);
                if (parsed.GetValue(json)) Output.Json(new { Key = key, record.Id, record.Tenant, Role = NameOf(record.Role) });
                else Console.Out.WriteLine(key);
            },
            cancellation));
        return command;
    }

    private static Command List()
    {
        var (json, access) = (Operator.JsonOption(), new StoreAccess());
        var command = new Command("list", "Every key without its secret, oldest first.") { json, access.Option };
        command.SetWork((parsed, cancellation) => access.UseAsync(
            parsed,
            async (store, stop) =>
            {
                var keys = await store.Keys.ListAsync(stop);
                if (parsed.GetValue(json))
                    Output.Json(new { Keys = keys.Select(key => new { key.Id, key.Tenant, Role = NameOf(key.Role), key.CreatedAt, key.RevokedAt }) });
                else
                    Output.Table(
                        ["id", "tenant", "role", "created", "revoked"],
                        keys.Select(key => (string[])[key.Id, key.Tenant, NameOf(key.Role), $"{key.CreatedAt:u}", key.RevokedAt is { } at ? $"{at:u}" : ""]));
            },
            cancellation));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "As list shows it; the part between the key's underscores." };
        var access = new StoreAccess();
        var command = new Command("revoke", "Ends a key: within a second it opens nothing any more.") { id, access.Option };
        command.SetWork((parsed, cancellation) => access.UseAsync(
            parsed,
            async (store, stop) =>
            {
                if (!await store.Keys.RevokeAsync(parsed.GetRequiredValue(id), Operator.Name, stop))
                    throw new CommandException($"there is no key {parsed.GetRequiredValue(id)} that is not revoked: ./m3 key list shows all");
            },
            cancellation));
        return command;
    }

    private static string NameOf(KeyRole role) => role == KeyRole.Admin ? "admin" : "client";
}
