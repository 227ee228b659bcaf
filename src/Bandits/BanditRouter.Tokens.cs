namespace Bandits;

/// <content>Decisions as texts that other processes can hand back.</content>
public sealed partial class BanditRouter
{
    /// <summary>Length of every token, characters.</summary>
    public const int TokenLength = DecisionToken.Length;

    private readonly byte[] _tokenKey;

    /// <summary>A decision of this router as a compact URL-safe text that any process can hand back, signed with <see cref="RouterOptions.TokenKey"/>.</summary>
    public string TokenOf(in Decision decision)
    {
        Span<char> token = stackalloc char[TokenLength];
        DecisionToken.Write(decision, _tokenKey, token);
        return new string(token);
    }

    /// <summary>Writes what <see cref="TokenOf"/> returns, without allocating.</summary>
    /// <param name="decision">A decision of this router.</param>
    /// <param name="destination">Receives the token.</param>
    /// <param name="written">Characters written: <see cref="TokenLength"/>, or 0 when the destination is too short.</param>
    /// <returns>False when the destination is too short.</returns>
    public bool TryFormatToken(in Decision decision, Span<char> destination, out int written)
    {
        written = 0;
        if (destination.Length < TokenLength) return false;
        DecisionToken.Write(decision, _tokenKey, destination);
        written = TokenLength;
        return true;
    }

    /// <summary>Reads a token that was issued under this router's key. Whether its outcome can still be recorded, the ledger says then.</summary>
    /// <exception cref="FormatException">The text is no token, was cut or changed, or was issued under another key or by another version; the message says which. The refusal is
    /// counted.</exception>
    public Decision ParseToken(ReadOnlySpan<char> token)
    {
        TokenFault fault = ReadToken(token, out Decision decision);
        if (fault != TokenFault.None) DecisionToken.Throw(fault, token);
        return decision;
    }

    /// <summary>As <see cref="ParseToken"/>, without exceptions and without allocating; a refusal is counted.</summary>
    /// <returns>False when the text is no token of this router.</returns>
    public bool TryParseToken(ReadOnlySpan<char> token, out Decision decision) => ReadToken(token, out decision) == TokenFault.None;

    private TokenFault ReadToken(ReadOnlySpan<char> token, out Decision decision)
    {
        TokenFault fault = DecisionToken.Read(token, _tokenKey, out decision);
        if (fault != TokenFault.None) Interlocked.Increment(ref _refused);
        return fault;
    }
}
