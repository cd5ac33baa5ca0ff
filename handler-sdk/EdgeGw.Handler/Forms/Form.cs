namespace EdgeGw;

/// <summary>A form that was sent, url-encoded or multipart. Holds copies: it may be kept.</summary>
/// <param name="Fields">Names and values, in the order sent.</param>
/// <param name="Files">The uploads, in the order sent; none in a url-encoded form.</param>
public sealed record Form(IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<FormFile> Files)
{
    /// <summary>The first field of that name (case-sensitive), or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in Fields)
            {
                if (key == name)
                    return value;
            }
            return null;
        }
    }

    /// <summary>All fields of that name, in the order sent.</summary>
    public IEnumerable<string> All(string name) => Fields.Where(f => f.Key == name).Select(f => f.Value);

    /// <summary>The first field of that name.</summary>
    /// <exception cref="HandlerError.BadRequest">There is none.</exception>
    public string Require(string name) => this[name] ?? throw new HandlerError.BadRequest($"The form field '{name}' is missing.");

    /// <summary>The first upload of that name (case-sensitive), or null.</summary>
    public FormFile? File(string name) => Files.FirstOrDefault(f => f.Name == name);
}

/// <summary>One upload of a form.</summary>
/// <param name="Name">The form field.</param>
/// <param name="FileName">The name the client gave, without any folder; never a path to trust.</param>
/// <param name="ContentType">The media type the client gave.</param>
/// <param name="Content">All bytes.</param>
public sealed record FormFile(string Name, string FileName, string ContentType, ReadOnlyMemory<byte> Content);

/// <summary>How much a form may hold. Beyond it, the answer is 400; the body's size as a whole is the route's limit.</summary>
public sealed record FormLimits
{
    /// <summary>What applies when nothing else is given.</summary>
    public static FormLimits Default { get; } = new();

    /// <summary>Fields and uploads together.</summary>
    public int Count { get; init; } = 1024;

    /// <summary>Header lines of one part of a multipart form.</summary>
    public int PartHeaders { get; init; } = 16;

    /// <summary>Bytes of all header lines of one part.</summary>
    public int PartHeaderBytes { get; init; } = 16 * 1024;
}
