using System.Globalization;

namespace EdgeGw.Generator.Tests;

/// <summary>Types marked [Row]: what is made of them, and why not.</summary>
public class RowTests
{
    [TestCase("[Row] public partial record Pet(long Id, string Name);")]
    [TestCase("[Row] internal sealed partial record Pet(long Id, string? Name) { public string Upper => Name!.ToUpperInvariant(); }")]
    [TestCase("[Row] public readonly partial record struct Pet(long Id, double? Weight);")]
    [TestCase("[Row] public partial class Pet { public int Id { get; set; } public string Name { get; init; } = \"\"; public int Computed => 1; }")]
    [TestCase("[Row] public partial struct Pet { public required int Id { get; set; } }")]
    [TestCase("[Row] public partial class Pet { internal Pet(long id) { } public Pet(long id, string name) { } }")]
    [TestCase("namespace A.B { public partial class @class { internal partial interface I { [Row] private partial record @record(int @int, string @new); } } }")]
    [TestCase("public static partial class Outer { [Row] public partial record Pet(long Id); } [Row] public partial record Pet(long Id);")]
    [TestCase("[Row] public partial record Odd([Column(\"quo\\\"ted\")] string A) { [Column(\"b b\")] public string B => A; }")]
    public void What_is_generated_for_a_row_compiles_without_a_warning(string code)
    {
        var run = Run.Over(code);
        Assert.That(run.Reported, Is.Empty);
        Assert.That(run.Compiled, Is.Empty);
        Assert.That(run.Rows, Is.Not.Empty);
    }

    [TestCase("bool", "row.GetBoolean(columns[0])")]
    [TestCase("short", "row.GetInt16(columns[0])")]
    [TestCase("int", "row.GetInt32(columns[0])")]
    [TestCase("long", "row.GetInt64(columns[0])")]
    [TestCase("float", "row.GetSingle(columns[0])")]
    [TestCase("double", "row.GetDouble(columns[0])")]
    [TestCase("decimal", "row.GetDecimal(columns[0])")]
    [TestCase("string", "row.GetString(columns[0])")]
    [TestCase("byte[]", "row.GetBytes(columns[0])")]
    [TestCase("Guid", "row.GetGuid(columns[0])")]
    [TestCase("DateTime", "row.GetDateTime(columns[0])")]
    [TestCase("DateTimeOffset", "row.GetDateTimeOffset(columns[0])")]
    [TestCase("DateOnly", "row.GetDateOnly(columns[0])")]
    [TestCase("TimeOnly", "row.GetTimeOnly(columns[0])")]
    [TestCase("TimeSpan", "row.GetTimeSpan(columns[0])")]
    [TestCase("System.Text.Json.JsonElement", "row.GetJsonElement(columns[0])")]
    [TestCase("string?", "row.IsNull(columns[0]) ? null : row.GetString(columns[0])")]
    [TestCase("int?", "row.IsNull(columns[0]) ? null : row.GetInt32(columns[0])")]
    [TestCase("byte[]?", "row.IsNull(columns[0]) ? null : row.GetBytes(columns[0])")]
    [TestCase("long[]", "row.GetArray<long>(columns[0])")]
    [TestCase("int?[]", "row.GetArray<int?>(columns[0])")]
    [TestCase("Guid[]?", "row.IsNull(columns[0]) ? null : row.GetArray<global::System.Guid>(columns[0])")]
    [TestCase("byte[][]", "row.GetArray<byte[]>(columns[0])")]
    public void A_member_is_read_by_the_getter_of_its_type(string type, string read)
    {
        var run = Run.Over($"[Row] public partial record R({type} Value);");
        Assert.That(run.Compiled, Is.Empty);
        Assert.That(run.Rows.Single(), Does.Contain($" {read});"));
    }

    [TestCase("[Row] public record Pet(long Id);", "EDGEGW018", "'Pet' must be partial")]
    [TestCase("public class Outer { [Row] public partial record Pet(long Id); }", "EDGEGW018", "'Outer' must be partial")]
    [TestCase("[Row] public partial record Pet<T>(long Id);", "EDGEGW018", "it is generic, or in a generic type")]
    [TestCase("public partial class Outer<T> { [Row] public partial record Pet(long Id); }", "EDGEGW018", "it is generic, or in a generic type")]
    [TestCase("[Row] public abstract partial record Pet(long Id);", "EDGEGW018", "it is abstract or static")]
    [TestCase("[Row] public ref partial struct Pet { public int Id { get; set; } }", "EDGEGW018", "it is a ref struct")]
    [TestCase("[Row] file partial record Pet(long Id);", "EDGEGW018", "it is local to its file")]
    [TestCase("[Row] public partial class Pet { public int Id { get; } }", "EDGEGW018", "neither a constructor with parameters nor properties that can be set")]
    [TestCase("[Row] public partial class Pet { public Pet(ref long id) { } }", "EDGEGW018", "its constructor takes 'id' by reference")]
    [TestCase("[Row] public partial record Pet(Uri Home);", "EDGEGW019", "'Home' of 'Pet' is System.Uri, which no column becomes")]
    [TestCase("[Row] public partial record Pet(DayOfWeek Day);", "EDGEGW019", "'Day' of 'Pet' is System.DayOfWeek")]
    [TestCase("[Row] public partial record Pet(ulong Big);", "EDGEGW019", "'Big' of 'Pet' is ulong")]
    [TestCase("[Row] public partial record Pet(int[,] Grid);", "EDGEGW019", "'Grid' of 'Pet' is int[*,*]")]
    [TestCase("[Row] public partial record Pet(System.Text.Json.JsonElement[] All);", "EDGEGW019", "'All' of 'Pet' is System.Text.Json.JsonElement[]")]
    public void A_type_that_no_row_becomes_is_an_error_where_it_is(string code, string id, string sentence)
    {
        var run = Run.Over(code);
        Assert.That(run.Reported.Select(d => d.Id), Is.EqualTo(new[] { id }));
        Assert.That(run.Reported[0].GetMessage(CultureInfo.InvariantCulture), Does.Contain(sentence));
        Assert.That(run.Reported[0].Location.GetLineSpan().Path, Is.EqualTo("Code.cs"));
        Assert.That(run.Rows, Is.Empty);
    }

    [Test]
    public void What_is_generated_is_what_was_reviewed()
    {
        var run = Run.Over("namespace A { public static partial class B { [Row] public partial record Pet(long Id, [Column(\"called\")] string? Name); } }");
        Assert.That(run.Rows.Single(), Is.EqualTo("""
            // <auto-generated/>
            #nullable enable

            namespace A
            {
            partial class @B
            {
            partial record @Pet : global::EdgeGw.IRow<global::A.B.Pet>
            {
                private static readonly string[] RowColumns = { "Id", "called" };

                static string[] global::EdgeGw.IRow<global::A.B.Pet>.Columns => RowColumns;

                static global::A.B.Pet global::EdgeGw.IRow<global::A.B.Pet>.Read(global::EdgeGw.Row row, global::System.ReadOnlySpan<int> columns)
                    => new global::A.B.Pet(
                        row.GetInt64(columns[0]),
                        row.IsNull(columns[1]) ? null : row.GetString(columns[1]));
            }
            }
            }

            """));
    }

    [Test]
    public void A_query_for_a_type_that_is_no_row_does_not_compile()
    {
        var run = Run.Over("public record Plain(long Id); public static class C { public static async Task M(Context c) => await c.Database(\"main\").QueryAsync<Plain>(\"SELECT 1\"); }");
        Assert.That(run.Compiled.Select(d => d.Id), Has.Some.EqualTo("CS0315").Or.Some.EqualTo("CS0311"));
    }
}
