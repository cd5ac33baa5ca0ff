using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Identity;

/// <summary>Times in the database: milliseconds since 1970.</summary>
internal static class TimeColumns
{
    internal static DateTimeOffset Time(this SqliteDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    internal static DateTimeOffset? TimeOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);
}
