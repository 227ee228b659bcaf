using Bandits.Storage.Files;

namespace Bandits.Reliability.Disk;

/// <summary>
/// A disk in memory that remembers what was flushed. A crash keeps that, and of the rest what chance keeps: whole writes, none, or some of their sectors. Names created,
/// renamed and deleted since the directory was flushed are kept up to a moment of chance.
/// </summary>
public sealed class FaultyDisk
{
    private const int SectorBytes = 512;

    private readonly Lock _gate = new();
    private Dictionary<string, Node> _names = [];
    private Dictionary<string, Node> _durableNames = [];
    private readonly List<Dictionary<string, Node>> _since = [];
    private int _opened;

    /// <summary>Bytes that can still be written before the disk is full.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Flushes that fail from now on; what they should have flushed is lost, as page caches lose it.</summary>
    public int FailingFlushes { get; set; }

    /// <summary>Renames that fail from now on.</summary>
    public int FailingRenames { get; set; }

    /// <summary>Renames that still succeed before <see cref="FailingRenames"/> begin.</summary>
    public int RenamesBeforeFailing { get; set; }

    /// <summary>The process dies instead of this rename, counted from 1; 0 for none.</summary>
    public int DiesAtRename { get; set; }

    /// <summary>Files that cannot be created from now on.</summary>
    public int FailingCreations { get; set; }

    /// <summary>Flushes of directories that fail from now on: names created and renamed before may be lost.</summary>
    public int FailingDirectoryFlushes { get; set; }

    /// <summary>The files as one process sees them; after a crash that process reaches nothing any more.</summary>
    internal IStoreFiles Mount() => new Mounted(this, _opened);

    /// <summary>Paths of the files in a directory whose name ends so.</summary>
    public IReadOnlyList<string> List(string directory, string ending)
    {
        lock (_gate) return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == directory && path.EndsWith(ending, StringComparison.Ordinal))];
    }

    /// <summary>Bytes of a file.</summary>
    public byte[] Read(string path)
    {
        lock (_gate) return [.. _names[path].Present];
    }

    /// <summary>Puts a whole file on the device, in place of another.</summary>
    public void Put(string path, byte[] bytes)
    {
        lock (_gate)
        {
            var node = new Node { Present = [.. bytes], Durable = [.. bytes] };
            Change(names => names[path] = node);
            _durableNames = new Dictionary<string, Node>(_names);
            _since.Clear();
        }
    }

    /// <summary>No fault is to come any more.</summary>
    public void Repair()
    {
        lock (_gate) (Room, FailingFlushes, FailingRenames, RenamesBeforeFailing, DiesAtRename, FailingCreations, FailingDirectoryFlushes) = (long.MaxValue, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>The power fails: open files are gone, and so is what chance takes of what was not flushed. Without <paramref name="random"/> only the process dies.</summary>
    public void Crash(Random? random)
    {
        lock (_gate)
        {
            _opened++;
            Repair();
            if (random is null) return;
            int kept = random.Next(_since.Count + 1);
            _names = new Dictionary<string, Node>(kept == 0 ? _durableNames : _since[kept - 1]);
            _durableNames = new Dictionary<string, Node>(_names);
            _since.Clear();
            foreach (Node node in _names.Values.Distinct()) node.Crash(random);
        }
    }

    /// <summary>Another disk that holds what this one shows now.</summary>
    public FaultyDisk Copy()
    {
        var copy = new FaultyDisk();
        lock (_gate)
            foreach ((string path, Node node) in _names) copy._names[path] = new Node { Present = [.. node.Present], Durable = [.. node.Present] };
        copy._durableNames = new Dictionary<string, Node>(copy._names);
        return copy;
    }

    /// <summary>Changes bytes of a file on the device.</summary>
    public void Damage(string path, long at, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            bytes.CopyTo(_names[path].Present.AsSpan((int)at));
            bytes.CopyTo(_names[path].Durable.AsSpan((int)at));
        }
    }

    private void Change(Action<Dictionary<string, Node>> change)
    {
        var names = new Dictionary<string, Node>(_names);
        change(names);
        _names = names;
        _since.Add(names);
    }

    private sealed class Node
    {
        public byte[] Present = [];
        public byte[] Durable = [];
        private readonly List<(long At, byte[]? Bytes)> _writes = []; // no bytes: everything from there on was cut off

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            if (at + bytes.Length > Present.Length) Array.Resize(ref Present, (int)(at + bytes.Length));
            bytes.CopyTo(Present.AsSpan((int)at));
            _writes.Add((at, bytes.ToArray()));
        }

        public void Resize(int length)
        {
            if (length < Present.Length) _writes.Add((length, null));
            Array.Resize(ref Present, length);
        }

        public void Flush()
        {
            if (Durable.Length != Present.Length) Array.Resize(ref Durable, Present.Length);
            foreach ((long at, byte[]? bytes) in _writes)
            {
                int from = (int)Math.Min(at, Durable.Length);
                if (bytes is null) Durable.AsSpan(from).Clear();
                else bytes.AsSpan(0, Math.Min(bytes.Length, Durable.Length - from)).CopyTo(Durable.AsSpan(from));
            }

            _writes.Clear();
        }

        /// <summary>A failed flush: the cache calls the pages clean, and the device never got them.</summary>
        public void LoseWrites() => _writes.Clear();

        public void Crash(Random random)
        {
            if (random.Next(2) == 0 && Durable.Length != Present.Length) Array.Resize(ref Durable, Present.Length);
            int mode = Math.Min(2, random.Next(4)); // sectors as often as all and nothing together
            foreach ((long at, byte[]? bytes) in _writes)
            {
                if (mode == 0) continue;
                if (bytes is null)
                {
                    if ((mode == 1 || random.Next(2) == 0) && at < Durable.Length) Durable.AsSpan((int)at).Clear();
                    continue;
                }

                for (int from = 0; from < bytes.Length;)
                {
                    int to = (int)Math.Min(bytes.Length, (at + from) / SectorBytes * SectorBytes + SectorBytes - at);
                    if (mode == 1 || random.Next(2) == 0)
                    {
                        if (at + to > Durable.Length) Array.Resize(ref Durable, (int)(at + to));
                        bytes.AsSpan(from, to - from).CopyTo(Durable.AsSpan((int)at + from));
                    }

                    from = to;
                }
            }

            _writes.Clear();
            Present = (byte[])Durable.Clone();
        }
    }

    private sealed class Mounted(FaultyDisk disk, int opened) : IStoreFiles
    {
        public IReadOnlyList<string> List(string directory, string ending)
        {
            lock (disk._gate) return [.. disk._names.Keys.Where(path => Path.GetDirectoryName(path) == directory && path.EndsWith(ending, StringComparison.Ordinal))];
        }

        public IStoreFile Open(string path, StoreFileMode mode, long allotted = 0)
        {
            lock (disk._gate)
            {
                Check();
                bool exists = disk._names.TryGetValue(path, out Node? node);
                if (mode == StoreFileMode.Create)
                {
                    if (exists) throw new IOException($"'{path}' exists.");
                    if (disk.FailingCreations > 0)
                    {
                        disk.FailingCreations--;
                        throw new IOException("No space left on device (injected).");
                    }

                    disk.Change(names => names[path] = node = new Node());
                }
                else if (!exists)
                {
                    throw new FileNotFoundException(path);
                }

                return new OpenFile(disk, node!, opened);
            }
        }

        public bool Exists(string path)
        {
            lock (disk._gate) return disk._names.ContainsKey(path);
        }

        public void CreateDirectory(string directory)
        {
        }

        public void Rename(string from, string to)
        {
            lock (disk._gate)
            {
                Check();
                if (disk.DiesAtRename > 0 && --disk.DiesAtRename == 0)
                {
                    disk._opened++;
                    Check();
                }

                if (disk.FailingRenames > 0 && disk.RenamesBeforeFailing-- <= 0)
                {
                    disk.FailingRenames--;
                    disk.RenamesBeforeFailing = 0;
                    throw new IOException("Input/output error (injected).");
                }

                disk.Change(names =>
                {
                    names[to] = names[from];
                    names.Remove(from);
                });
            }
        }

        public void Delete(string path)
        {
            lock (disk._gate)
            {
                Check();
                disk.Change(names => names.Remove(path));
            }
        }

        public void FlushDirectory(string directory)
        {
            lock (disk._gate)
            {
                Check();
                if (disk.FailingDirectoryFlushes > 0)
                {
                    disk.FailingDirectoryFlushes--;
                    throw new IOException("Input/output error (injected).");
                }

                disk._durableNames = new Dictionary<string, Node>(disk._names);
                disk._since.Clear();
            }
        }

        private void Check()
        {
            if (disk._opened != opened) throw new IOException("The machine is gone (injected).");
        }
    }

    private sealed class OpenFile(FaultyDisk disk, Node node, int opened) : IStoreFile
    {
        public long Length
        {
            get
            {
                lock (disk._gate) return node.Present.Length;
            }

            set
            {
                lock (disk._gate)
                {
                    Check();
                    node.Resize((int)value);
                }
            }
        }

        public int Read(Span<byte> bytes, long at)
        {
            lock (disk._gate)
            {
                int count = (int)Math.Clamp(node.Present.Length - at, 0, bytes.Length);
                node.Present.AsSpan((int)Math.Min(at, node.Present.Length), count).CopyTo(bytes);
                return count;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            lock (disk._gate)
            {
                Check();
                int fits = (int)Math.Min(bytes.Length, disk.Room);
                disk.Room -= fits;
                if (fits > 0) node.Write(bytes[..fits], at);
                if (fits < bytes.Length) throw new IOException("No space left on device (injected).");
            }
        }

        public void Flush()
        {
            lock (disk._gate)
            {
                Check();
                if (disk.FailingFlushes > 0)
                {
                    disk.FailingFlushes--;
                    node.LoseWrites();
                    throw new IOException("Input/output error (injected).");
                }

                node.Flush();
            }
        }

        public void Dispose()
        {
        }

        private void Check()
        {
            if (disk._opened != opened) throw new IOException("The machine is gone (injected).");
        }
    }
}
