namespace EdgeGw;

/// <summary>A type that a row can become. The generator implements it for a partial type marked <see cref="RowAttribute"/>; without reflection.</summary>
public interface IRow<TSelf> where TSelf : IRow<TSelf>
{
    /// <summary>The columns it needs, by name; the same array each time.</summary>
    static abstract string[] Columns { get; }

    /// <summary>Makes one of a row.</summary>
    /// <param name="row">Is gone when this returns.</param>
    /// <param name="columns">Where each of <see cref="Columns"/> is in the row.</param>
    static abstract TSelf Read(Row row, ReadOnlySpan<int> columns);
}

/// <summary>
/// Makes a partial record, class or struct one that a row can become: <c>[Row] public partial record Pet(long Id, string Name, DateOnly? Born);</c> Its
/// constructor's parameters are the columns, or, without any, its settable properties. Names fit but for case and underscores.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class RowAttribute : Attribute;

/// <summary>The column of a member of a <see cref="RowAttribute"/> type, where it is not the member's own name.</summary>
/// <param name="name">The column's name.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class ColumnAttribute(string name) : Attribute
{
    /// <summary>The column's name.</summary>
    public string Name { get; } = name;
}
