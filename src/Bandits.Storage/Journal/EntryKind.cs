namespace Bandits.Storage.Journal;

/// <summary>What an entry of the journal tells: the first field of its array. Normative in <c>docs/journal-format.md</c>.</summary>
internal enum EntryKind
{
    Opening = 1,
    Settings = 2,
    Arm = 3,
    Segment = 4,
    Plan = 5,
    Decision = 6,
    Outcome = 7,
    Restart = 8,
    Weight = 9,
    Joined = 10,
    Change = 11,
}
