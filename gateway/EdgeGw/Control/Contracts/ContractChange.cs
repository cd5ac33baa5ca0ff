namespace EdgeGw.Control.Contracts;

/// <summary>One difference between what a handler answered and what it is to answer.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="What">What it is about: a route (<c>GET /hello/{name}</c>, with its host where that is not any) or a service.</param>
/// <param name="Detail">What is different, completing "GET /hello/{name} "; empty when the kind says it.</param>
/// <param name="Breaking">Whether somebody who relied on the handler as it was may be let down.</param>
internal sealed record ContractChange(string Kind, string What, string Detail, bool Breaking)
{
    /// <summary>A sentence.</summary>
    public override string ToString() => Detail.Length == 0 ? $"{What} is {Kind}." : $"{What} {Detail}.";
}
