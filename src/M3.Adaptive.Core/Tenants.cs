namespace M3.Adaptive.Core;

/// <summary>Whoever has a budget and decisions of its own.</summary>
public static class Tenants
{
    /// <summary>Every caller, while no key has been made.</summary>
    public const string Default = "default";

    /// <summary>What a name may look like, in words.</summary>
    public const string Expectation = "1 to 64 of the letters a to z, digits, '.', '_' and '-'";

    /// <summary>Whether a text can name a tenant: what is shown, compared and stored is then the same everywhere.</summary>
    public static bool IsName(string text) =>
        text.Length is >= 1 and <= 64 && text.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-');
}
