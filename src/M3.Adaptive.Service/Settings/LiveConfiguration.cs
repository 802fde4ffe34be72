namespace M3.Adaptive.Service.Settings;

/// <summary>The service's configuration: what the settings said at the start, but for those that have been changed since.</summary>
internal sealed class LiveConfiguration : ConfigurationProvider, IConfigurationSource
{
    /// <param name="settings">Values by full names.</param>
    public LiveConfiguration(IReadOnlyDictionary<string, string?> settings)
    {
        AtStart = settings;
        Data = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What the settings said at the start.</summary>
    public IReadOnlyDictionary<string, string?> AtStart { get; }

    /// <summary>A setting's value; null where it has its default.</summary>
    public string? this[string key] => Data.TryGetValue(key, out var value) ? value : null;

    /// <summary>Changes some settings at once and has whoever watches them look again.</summary>
    /// <param name="changes">New values; null is the default's return.</param>
    public void Change(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        var data = new Dictionary<string, string?>(Data, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in changes)
        {
            if (value is null) data.Remove(key);
            else data[key] = value;
        }

        Data = data;                                                              // others may be reading the one before
        OnReload();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
