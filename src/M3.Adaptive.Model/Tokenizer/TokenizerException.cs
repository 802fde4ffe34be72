namespace M3.Adaptive.Model.Tokenizer;

/// <summary>A tokenizer model that cannot be read, used or trained; the message says which and why.</summary>
public sealed class TokenizerException(string message, Exception? inner = null) : Exception(message, inner);
