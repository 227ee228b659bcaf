namespace Bandits.Reliability.Kills;

/// <summary>A moment in the life of a store's files at which its writer can be killed.</summary>
internal enum Phase
{
    /// <summary>None of these: whenever it happens to be.</summary>
    Anywhere,

    /// <summary>A new snapshot is on the device, and has not its name yet.</summary>
    BeforeFirstRename,

    /// <summary>The newest snapshot is the previous one by now, and there is no newest.</summary>
    BetweenRenames,

    /// <summary>The new snapshot has its name, and the directory is not flushed.</summary>
    BeforeDirectoryFlush,

    /// <summary>A file of the journal was created, and has no header yet.</summary>
    NewJournal,
}
