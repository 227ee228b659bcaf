namespace Bandits.Contextual;

/// <summary>A sparse matrix by rows, appended to row by row; for fitting only.</summary>
internal sealed class SparseRows
{
    private readonly List<int> _ends = [];
    private int[] _columns = new int[1024];
    private float[] _values = new float[1024];
    private int _length;

    /// <summary>Rows ended.</summary>
    public int Count => _ends.Count;

    /// <summary>Columns, 0 to the highest one with a value.</summary>
    public int ColumnCount { get; private set; }

    public void Add(int column, float value)
    {
        if (_length == _columns.Length)
        {
            Array.Resize(ref _columns, 2 * _length);
            Array.Resize(ref _values, 2 * _length);
        }

        (_columns[_length], _values[_length]) = (column, value);
        _length++;
        ColumnCount = Math.Max(ColumnCount, column + 1);
    }

    public void EndRow() => _ends.Add(_length);

    public ReadOnlySpan<int> ColumnsOf(int row) => _columns.AsSpan(StartOf(row), _ends[row] - StartOf(row));

    public ReadOnlySpan<float> ValuesOf(int row) => _values.AsSpan(StartOf(row), _ends[row] - StartOf(row));

    private int StartOf(int row) => row == 0 ? 0 : _ends[row - 1];
}
