namespace Bandits.History;

/// <summary>What became of one line.</summary>
internal enum Offered
{
    New,
    AlreadyKnown,
    Rejected,
}
