using System.CommandLine;
using System.CommandLine.Parsing;

namespace M3.Adaptive.CommandLine.Values;

/// <summary>Which values of its type an option or argument takes. What is no value of the type at all has an error of its own.</summary>
public static class AllowedValues
{
    /// <param name="isAllowed">Whether a value is one of them.</param>
    /// <param name="expected">Which ones are, in words: <c>1 or more</c>.</param>
    public static Option<T> Where<T>(this Option<T> option, Func<T, bool> isAllowed, string expected)
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(result => Check(result, option.Name, isAllowed, expected));
        return option;
    }

    /// <inheritdoc cref="Where{T}(Option{T}, Func{T, bool}, string)"/>
    public static Argument<T> Where<T>(this Argument<T> argument, Func<T, bool> isAllowed, string expected)
    {
        ArgumentNullException.ThrowIfNull(argument);
        argument.Validators.Add(result => Check(result, argument.Name, isAllowed, expected));
        return argument;
    }

    // The parser's own way to the value throws where the text is none.
    private static void Check<T>(SymbolResult result, string name, Func<T, bool> isAllowed, string expected)
    {
        if (result.Tokens is not [var token] || WrittenValue.Parse(typeof(T), token.Value) is not T value || isAllowed(value)) return;
        result.AddError($"{name} is {token.Value}; expected {expected}.");
    }
}
