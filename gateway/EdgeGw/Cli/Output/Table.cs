namespace EdgeGw.Cli.Output;

/// <summary>Rows under headings, in aligned columns, two spaces apart.</summary>
/// <param name="headings">The headings; one that starts with <c>&gt;</c> is of a column aligned to the right.</param>
internal sealed class Table(params string[] headings)
{
    private readonly List<Cell[]> _rows = [];

    /// <summary>A cell, and how it is coloured once it has been padded.</summary>
    /// <param name="Text">The text, made printable.</param>
    /// <param name="Color">Adds colour; null: none.</param>
    public readonly record struct Cell(string Text, Func<string, string>? Color = null)
    {
        /// <summary>A cell without colour.</summary>
        public static implicit operator Cell(string? text) => new(Printable.Escape(text));
    }

    /// <summary>Adds a row of as many cells as there are headings.</summary>
    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Writes the table; with no rows, the headings alone.</summary>
    public void Write(TextWriter writer, Paint paint)
    {
        var right = headings.Select(heading => heading.StartsWith('>')).ToArray();
        var titles = headings.Select(heading => new Cell(heading.TrimStart('>'), paint.Dim)).ToArray();
        var widths = titles.Select((title, column) => _rows.Select(row => row[column].Text.Length).Append(title.Text.Length).Max()).ToArray();
        foreach (var row in _rows.Prepend(titles))
        {
            for (var column = 0; column < row.Length; column++)
            {
                var cell = row[column];
                var text = right[column] ? cell.Text.PadLeft(widths[column]) : cell.Text;
                writer.Write(cell.Color is null ? text : cell.Color(text));
                if (column < row.Length - 1)
                    writer.Write(new string(' ', widths[column] - text.Length + 2));
            }
            writer.WriteLine();
        }
    }
}
