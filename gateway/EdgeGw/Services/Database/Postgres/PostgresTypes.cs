namespace EdgeGw.Services.Database.Postgres;

/// <summary>OIDs of the types that the gateway reads in binary form; they never change (PostgreSQL's <c>pg_type.dat</c>).</summary>
internal static class PostgresTypes
{
    public const uint Bool = 16;
    public const uint Bytea = 17;
    public const uint Char = 18;
    public const uint Name = 19;
    public const uint Int8 = 20;
    public const uint Int2 = 21;
    public const uint Int4 = 23;
    public const uint Text = 25;
    public const uint Oid = 26;
    public const uint Json = 114;
    public const uint Xml = 142;
    public const uint Float4 = 700;
    public const uint Float8 = 701;
    public const uint Unknown = 705;
    public const uint Bpchar = 1042;
    public const uint Varchar = 1043;
    public const uint Date = 1082;
    public const uint Time = 1083;
    public const uint Timestamp = 1114;
    public const uint Timestamptz = 1184;
    public const uint Interval = 1186;
    public const uint Numeric = 1700;
    public const uint Void = 2278;
    public const uint Uuid = 2950;
    public const uint Jsonb = 3802;

    /// <summary>Whether it is an array of one of them.</summary>
    public static bool IsArray(uint oid) => oid is
        143 or 199 or 1000 or 1001 or 1002 or 1003 or 1005 or 1007 or 1009 or 1014 or 1015 or 1016 or 1021 or 1022 or 1028 or 1115 or 1182 or 1183 or 1185 or 1187 or 1231 or 2951 or 3807;
}
