using System.Collections;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call: pairs in order, keys may repeat. Not for concurrent change.</summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>Keys with this ending carry bytes.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>An instance without entries that refuses new ones.</summary>
    public static readonly Metadata Empty = new Metadata().Freeze();

    /// <summary>Asks for compression of one call's messages; read by the runtime, never sent.</summary>
    internal const string CompressionRequestAlgorithmMetadataKey = "grpc-internal-encoding-request";

    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly { get; private set; }

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ThrowIfReadOnly();
            _entries[index] = value;
        }
    }

    /// <summary>The last entry of that key (case ignored), or null.</summary>
    public Entry? Get(string key)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
            if (_entries[i].HasKey(key))
                return _entries[i];
        return null;
    }

    /// <summary>The last text of that key, or null.</summary>
    /// <exception cref="InvalidOperationException">The value is binary.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The last bytes of that key, or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries of that key, in order.</summary>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(e => e.HasKey(key));

    /// <summary>Appends a text entry; the rules are <see cref="Entry(string, string)"/>'s.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Appends a binary entry; the rules are <see cref="Entry(string, byte[])"/>'s.</summary>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ThrowIfReadOnly();
        _entries.Add(item);
    }

    /// <inheritdoc/>
    public void Insert(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ThrowIfReadOnly();
        _entries.Insert(index, item);
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        ThrowIfReadOnly();
        _entries.RemoveAt(index);
    }

    /// <inheritdoc/>
    public bool Remove(Entry item)
    {
        ThrowIfReadOnly();
        return _entries.Remove(item);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        ThrowIfReadOnly();
        _entries.Clear();
    }

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Metadata Freeze()
    {
        IsReadOnly = true;
        return this;
    }

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly) throw new InvalidOperationException("Object is read only");
    }

    /// <summary>One pair. Immutable; its key is in lower case.</summary>
    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>A binary entry; the bytes are copied.</summary>
        /// <exception cref="ArgumentException">The key does not end in <c>-bin</c> or holds other than 0-9, a-z, '_', '-' and '.'.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = MetadataRules.NormalizeKey(key);
            if (!MetadataRules.IsBinary(Key)) throw new ArgumentException($"Key '{Key}' carries bytes and must end in '-bin'.", nameof(key));
            _bytes = (byte[])valueBytes.Clone();
        }

        /// <summary>A text entry.</summary>
        /// <exception cref="ArgumentException">
        /// The key ends in <c>-bin</c> or holds other than 0-9, a-z, '_', '-' and '.', or the value holds other than printable ASCII.
        /// </exception>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = MetadataRules.NormalizeKey(key);
            if (MetadataRules.IsBinary(Key)) throw new ArgumentException($"Key '{Key}' ends in '-bin': its value must be bytes.", nameof(key));
            MetadataRules.CheckText(Key, value);
            _text = value;
        }

        private Entry(string key, string? text, byte[]? bytes) => (Key, _text, _bytes) = (key, text, bytes);

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>The value as bytes; a copy.</summary>
        public byte[] ValueBytes => _bytes is not null ? (byte[])_bytes.Clone() : System.Text.Encoding.ASCII.GetBytes(Value);

        /// <summary>The value as text.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _text ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        /// <summary>Whether the key ends in <c>-bin</c>.</summary>
        public bool IsBinary => _bytes is not null;

        /// <inheritdoc/>
        public override string ToString() => IsBinary
            ? $"[Entry: key={Key}, valueBytes={Convert.ToBase64String(RawBytes)}]"
            : $"[Entry: key={Key}, value={Value}]";

        /// <summary>The bytes without a copy; only for a binary entry.</summary>
        internal ReadOnlySpan<byte> RawBytes => _bytes;

        /// <summary>An entry as received: the key is lower case already and the peer's text is taken as it is.</summary>
        internal static Entry Received(string key, string text) => new(key, text, null);

        /// <summary>A binary entry as received; the array is the entry's from now on.</summary>
        internal static Entry Received(string key, byte[] bytes) => new(key, null, bytes);

        internal bool HasKey(string key) => key.Equals(Key, StringComparison.OrdinalIgnoreCase);
    }
}
