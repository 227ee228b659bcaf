using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Bandits.Reliability.Fuzzing;

/// <summary>The parser of tokens, and a router to which what it parsed is reported.</summary>
internal sealed class TokenTarget : IFuzzTarget
{
    private const int BodyBytes = 68, DigestBytes = 16;
    private readonly byte[] _key = new byte[32];
    private readonly List<string> _tokens = [];
    private readonly BanditRouter _router;

    public TokenTarget()
    {
        RouterOptions options = Sample.All[0].Options();
        options.TokenKey = _key;
        _router = new BanditRouter(options);
        for (int i = 0; i < 8; i++)
            if (_router.TryDecide(new Request(_router.SegmentOf("role-" + i % 2, "area-" + i % 3)), out Decision decision)) _tokens.Add(_router.TokenOf(decision));
    }

    public string Name => "token";

    /// <summary>A token allocates nothing, but for what the platform's cryptography begins with on a thread.</summary>
    public long MostAllocated(int bytes) => 1 << 10;

    public byte[] Next(Random random)
    {
        byte[] token = Encoding.Latin1.GetBytes(_tokens[random.Next(_tokens.Count)]), other = Encoding.Latin1.GetBytes(_tokens[random.Next(_tokens.Count)]);
        if (random.Next(3) == 0) return Mutation.Bytes(token, other, random);
        byte[] bytes = Base64Url.DecodeFromUtf8(token);
        byte[] body = Mutation.Bytes(bytes[..BodyBytes], Base64Url.DecodeFromUtf8(other), random);
        Array.Resize(ref body, BodyBytes);
        body[0] = bytes[0];
        return Base64Url.EncodeToUtf8([.. body, .. HMACSHA256.HashData(_key, body).AsSpan(0, DigestBytes)]);
    }

    public Fed Feed(byte[] input, Random random)
    {
        string token = Encoding.Latin1.GetString(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isParsed = _router.TryParseToken(token, out Decision decision);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        try
        {
            if (_router.ParseToken(token) != decision || !isParsed) throw new BrokenPromiseException("The two parsers disagree.");
            _router.Record(decision, new Outcome { Kind = OutcomeKind.Success, Attempt = decision.Attempt });
        }
        catch (FormatException) when (!isParsed)
        {
        }
        catch (ArgumentException) when (isParsed)
        {
            // A decision that this router never made, in a token that somebody with its key has signed.
        }

        if (!_router.TryDecide(default, out _)) throw new BrokenPromiseException("The router decides no more.");
        return new Fed(!isParsed, allocated);
    }
}
