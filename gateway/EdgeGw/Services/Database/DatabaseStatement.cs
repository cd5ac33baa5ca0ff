namespace EdgeGw.Services.Database;

/// <summary>A statement out of the handler's memory. Both members live as long as the call that has it.</summary>
/// <param name="Sql">The text, UTF-8 or what the handler took for it.</param>
/// <param name="Parameters">$1 is the first.</param>
internal readonly record struct DatabaseStatement(ReadOnlyMemory<byte> Sql, ReadOnlyMemory<ServiceValue> Parameters);
