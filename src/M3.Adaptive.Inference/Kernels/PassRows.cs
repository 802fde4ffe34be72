namespace M3.Adaptive.Inference.Kernels;

/// <summary>One position of one sequence in a pass.</summary>
/// <param name="Cache">The sequence's keys and values: [layers][K, V][key-value heads][Capacity][D].</param>
/// <param name="Capacity">Positions that fit.</param>
/// <param name="Position">Where it is written; it sees itself and all before.</param>
internal readonly record struct KernelRow(nint Cache, int Capacity, int Position);

/// <summary>The rows of a pass, those of a sequence behind each other, and which of them look at the same keys together.</summary>
internal sealed class PassRows
{
    private const int Tile = 4;                                                   // as attention's kernels take them

    private readonly KernelRow[] _rows;
    private readonly (int First, int Count)[] _tiles;

    public PassRows(ReadOnlySpan<KernelRow> rows)
    {
        _rows = rows.ToArray();
        var tiles = new (int First, int Count)[rows.Length];
        var count = 0;
        for (var row = 0; row < rows.Length; count++)
        {
            tiles[count] = (row, IsTile(row) ? Tile : 1);
            row += tiles[count].Count;
        }

        _tiles = tiles[..count];
        for (var row = 0; row < rows.Length; row++)
        {
            SequencesRepeat |= row > 0 && rows[row].Cache == rows[row - 1].Cache;
            Longest = Math.Max(Longest, rows[row].Position + 1);
        }
    }

    public int Count => _rows.Length;

    public ref readonly KernelRow this[int row] => ref _rows[row];

    /// <summary>Four rows that follow each other in a sequence, or one.</summary>
    public ReadOnlySpan<(int First, int Count)> Tiles => _tiles;

    /// <summary>Positions that the row seeing the most sees; 0 without rows.</summary>
    public int Longest { get; }

    /// <summary>Whether rows see keys of other rows.</summary>
    public bool SequencesRepeat { get; }

    private bool IsTile(int first)
    {
        if (first + Tile > _rows.Length) return false;
        for (var i = 1; i < Tile; i++)
        {
            if (_rows[first + i].Cache != _rows[first].Cache || _rows[first + i].Position != _rows[first].Position + i) return false;
        }

        return true;
    }
}
