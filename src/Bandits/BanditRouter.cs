namespace Bandits;

/// <summary>x</summary>
public sealed class BanditRouter
{
    /// <summary>x</summary>
    public bool TryDecide(in Request request, out Decision decision) { decision = default; return false; }
    /// <summary>x</summary>
    public string ArmAt(int index) => "";
    /// <summary>x</summary>
    public int IndexOf(string id) => 0;
    /// <summary>x</summary>
    public Decision ParseToken(string token) => default;
    /// <summary>x</summary>
    public SegmentKey Segment(params ReadOnlySpan<string> values) => default;
    /// <summary>x</summary>
    public CapabilitySet Capabilities(params ReadOnlySpan<string> values) => default;
    /// <summary>x</summary>
    public ProviderSet Providers(params ReadOnlySpan<string> values) => default;
}
