using System.Buffers;
using Bandits.Storage.Journal;
using MessagePack;

namespace Bandits.Storage;

/// <summary>Between a router's state and MessagePack, written by hand so that nothing depends on reflection. The tables are in
/// <c>docs/snapshot-format.md</c>.</summary>
internal static class SnapshotPayload
{
    private const int Fields = 21;
    private const int FieldsV3 = 15;
    private const int FieldsV2 = 13;
    private const int FieldsV1 = 10;
    private const int ArmFields = 12;
    private const int ArmFieldsV3 = 10;
    private const int OriginFields = 3;
    private const int SegmentFields = 12;
    private const int SegmentFieldsV3 = 9;
    private const int ModelFields = 4;
    private const int SegmentFieldsV2 = 7;
    private const int SegmentFieldsV1 = 6;
    private const int OrderedFields = 5;
    private const int MassFields = 6;
    private const int AccountFields = 5;
    private const int AccountFieldsV2 = 4;
    private const int OpeningFields = 4;
    private const int CapFields = 3;
    private const int MostDimensions = 8;
    private const int WordsAtOnce = 1024;

    /// <summary>Writes a state, segment by segment; what <paramref name="buffer"/> holds may be taken out at any time.</summary>
    /// <param name="state">The state; its segments and arms are not looked at.</param>
    /// <param name="segments">The segments.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="arms">The arms and their status, asked for last.</param>
    /// <param name="buffer">Receives the bytes.</param>
    public static void Write(RouterState state, IEnumerable<SegmentState> segments, int count, Func<(Arm[] Arms, ArmStatus[] Status)> arms, IBufferWriter<byte> buffer)
    {
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(Fields);
        Write(ref writer, state.Dimensions);
        writer.WriteArrayHeader(state.Values.Length);
        foreach (string[] values in state.Values) Write(ref writer, values);
        writer.Write(state.Sequence);
        writer.WriteArrayHeader(state.Origins.Length);
        foreach (OriginState origin in state.Origins)
        {
            writer.WriteArrayHeader(OriginFields);
            writer.Write(origin.Name);
            writer.Write(origin.Sequence);
            writer.Write(origin.Weight);
        }

        writer.WriteArrayHeader(count);
        foreach (SegmentState segment in segments) Write(ref writer, segment);
        writer.WriteArrayHeader(state.Masses.Length);
        foreach (MassState mass in state.Masses)
        {
            writer.WriteArrayHeader(MassFields);
            writer.Write(mass.Key);
            writer.Write(mass.Depth);
            writer.Write(mass.Quality);
            writer.Write(mass.Cost);
            writer.Write(mass.Latency);
            writer.Write(mass.NextAt);
        }

        Write(ref writer, state.Exploration);
        Write(ref writer, state.Availability);
        Write(ref writer, state.Ledger);
        Write(ref writer, state.Sessions);
        if (state.SafetyScope is { } scope) writer.Write(scope);
        else writer.WriteNil();
        writer.WriteArrayHeader(state.Safety.Length);
        foreach (SafetyState account in state.Safety)
        {
            writer.WriteArrayHeader(AccountFields);
            writer.Write(account.Scope);
            writer.Write(account.Since);
            writer.Write(account.ArmsAtStart);
            Write(ref writer, account.Words);
            writer.Write(account.Position);
        }

        writer.Write(state.Position);
        writer.WriteArrayHeader(state.Openings.Length);
        foreach (OpeningState opening in state.Openings)
        {
            writer.WriteArrayHeader(OpeningFields);
            writer.Write(opening.Incarnation);
            writer.Write(opening.After);
            writer.Write(opening.Last);
            writer.Write(opening.Number);
        }

        Write(ref writer, state.Spending);
        Write(ref writer, state.ArmWatch);
        writer.WriteArrayHeader(state.Models.Length);
        foreach (ModelState model in state.Models)
        {
            writer.WriteArrayHeader(ModelFields);
            writer.Write(model.Key);
            writer.Write(model.Depth);
            writer.Write(model.Position);
            Write(ref writer, model.Numbers);
        }

        Write(ref writer, state.FeatureSlots);
        Write(ref writer, state.Features);
        (Arm[] known, ArmStatus[] status) = arms();
        writer.WriteArrayHeader(known.Length);
        for (int arm = 0; arm < known.Length; arm++) Write(ref writer, known[arm], status[arm]);
        Write(ref writer, state.Caps);
        writer.Flush();
    }

    /// <exception cref="SnapshotException">The payload holds what no router can have written.</exception>
    public static RouterState Read(ReadOnlyMemory<byte> payload, int version)
    {
        try
        {
            var reader = new PayloadReader(payload);
            RouterState state = Read(ref reader, version);
            if (!reader.AtEnd) throw RouterSnapshot.Damaged("something follows its last field");
            return state;
        }
        catch (InvalidDataException e)
        {
            throw RouterSnapshot.Damaged(e.Message, e);
        }
        catch (Exception e) when (PayloadReader.IsFault(e))
        {
            throw RouterSnapshot.Damaged($"its MessagePack cannot be read ({(e.InnerException ?? e).Message})", e);
        }
    }

    private static RouterState Read(ref PayloadReader reader, int version)
    {
        reader.Fields(Of(version, FieldsV1, FieldsV2, FieldsV3, Fields), "the payload");
        string[] dimensions = reader.Strings("dimensions");
        if (dimensions.Length > MostDimensions) throw RouterSnapshot.Damaged($"it has {dimensions.Length} dimensions; the allowed range is 0 to {MostDimensions}");
        int count = reader.Count(1, "values");
        if (count != dimensions.Length) throw RouterSnapshot.Damaged($"it has values of {count} dimensions; there are {dimensions.Length}");
        var values = new string[count][];
        for (int d = 0; d < count; d++) values[d] = reader.Strings("values");
        (Arm[] arms, ArmStatus[] status) = version < 3 ? ReadArms(ref reader, version) : default;
        long sequence = reader.Int64();
        var origins = new OriginState[reader.Count(OriginFields + 1, "origins")];
        for (int i = 0; i < origins.Length; i++)
        {
            reader.Fields(OriginFields, "an origin");
            origins[i] = new OriginState(reader.String("name of an origin"), reader.Int64(), reader.Double());
        }

        var segments = new SegmentState[reader.Count(SegmentFieldsV1 + 1, "segments")];
        for (int i = 0; i < segments.Length; i++) segments[i] = ReadSegment(ref reader, version);
        var masses = new MassState[reader.Count(MassFields + 1, "pooling masses")];
        for (int i = 0; i < masses.Length; i++)
        {
            reader.Fields(MassFields, "a pooling mass");
            masses[i] = new MassState(reader.UInt64(), reader.Int32(), reader.Double(), reader.Double(), reader.Double(), reader.Int64());
        }

        double[] exploration = reader.Doubles(4, "overall exploration", exactly: true);
        double[] availability = reader.Doubles(6, "availability");
        long[] ledger = reader.Words(8, "ledger");
        long[] sessions = version == 1 ? [] : reader.Words(4, "sessions");
        string? scope = version == 1 || reader.TryNil() ? null : reader.String("scope of the safety gate");
        SafetyState[] safety = version == 1 ? [] : ReadSafety(ref reader, version);
        long position = version < 3 ? 0 : Position(ref reader);
        OpeningState[] openings = version < 3 ? [] : ReadOpenings(ref reader);
        bool hasSpending = version >= 4;
        double[] spending = hasSpending ? reader.Doubles(1, "spending") : [], watch = hasSpending ? reader.Doubles(1, "detectors of arms") : [];
        ModelState[] models = hasSpending ? ReadModels(ref reader) : [];
        long[] featureSlots = hasSpending ? reader.Words(4, "decisions with features") : [];
        double[] features = hasSpending ? reader.Doubles(1, "features") : [];
        if (version >= 3) (arms, status) = ReadArms(ref reader, version);
        CapState? caps = version < 4 ? null : ReadCaps(ref reader);
        return new RouterState
        {
            Dimensions = dimensions,
            Values = values,
            Arms = arms,
            Status = status,
            Sequence = sequence,
            Origins = origins,
            Segments = segments,
            Masses = masses,
            Exploration = exploration,
            Availability = availability,
            Ledger = ledger,
            Sessions = sessions,
            SafetyScope = scope,
            Safety = safety,
            Position = position,
            Openings = openings,
            Spending = spending,
            ArmWatch = watch,
            Models = models,
            FeatureSlots = featureSlots,
            Features = features,
            Caps = caps,
        };
    }

    private static (Arm[] Arms, ArmStatus[] Status) ReadArms(ref PayloadReader reader, int version)
    {
        var arms = new Arm[reader.Count(ArmFieldsV3 + 1, "arms")];
        var status = new ArmStatus[arms.Length];
        for (int arm = 0; arm < arms.Length; arm++)
        {
            int more = version < 4 ? 0 : ArmFields - ArmFieldsV3;
            reader.Fields(ArmFieldsV3 + more, "an arm");
            (arms[arm], status[arm]) = StoredArm.Read(ref reader, more);
        }

        Check(arms);
        return (arms, status);
    }

    private static int Of(int version, int v1, int v2, int v3, int v4) => version switch
    {
        1 => v1,
        2 => v2,
        3 => v3,
        _ => v4,
    };

    private static ModelState[] ReadModels(ref PayloadReader reader)
    {
        var models = new ModelState[reader.Count(ModelFields + 1, "models")];
        for (int i = 0; i < models.Length; i++)
        {
            reader.Fields(ModelFields, "a model");
            models[i] = new ModelState(reader.UInt64(), reader.Int32(), Position(ref reader), reader.Doubles(1, "state of a model"));
        }

        return models;
    }

    private static long Position(ref PayloadReader reader)
    {
        long position = reader.Int64();
        if (position < 0) throw RouterSnapshot.Damaged($"a position in the journal is {position}; the allowed range is 0 or more");
        return position;
    }

    private static OpeningState[] ReadOpenings(ref PayloadReader reader)
    {
        var openings = new OpeningState[reader.Count(OpeningFields + 1, "openings")];
        for (int i = 0; i < openings.Length; i++)
        {
            reader.Fields(OpeningFields, "an opening");
            openings[i] = new OpeningState(reader.UInt64(), reader.Int64(), reader.Int64(), Position(ref reader));
        }

        return openings;
    }

    private static SafetyState[] ReadSafety(ref PayloadReader reader, int version)
    {
        var accounts = new SafetyState[reader.Count(AccountFieldsV2 + 1, "accounts of the safety gate")];
        for (int i = 0; i < accounts.Length; i++)
        {
            reader.Fields(version < 3 ? AccountFieldsV2 : AccountFields, "an account of the safety gate");
            accounts[i] = new SafetyState(reader.Int32(), reader.Int64(), reader.Int32(), reader.Words(4, "account of the safety gate"), version < 3 ? 0 : Position(ref reader));
        }

        return accounts;
    }

    private static void Write(ref MessagePackWriter writer, CapState? caps)
    {
        if (caps is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(CapFields);
        Write(ref writer, caps.Keys);
        Write(ref writer, caps.Accounts);
        Write(ref writer, caps.Bookings);
    }

    private static CapState? ReadCaps(ref PayloadReader reader)
    {
        if (reader.TryNil()) return null;
        reader.Fields(CapFields, "what was spent under caps");
        return new CapState { Keys = reader.Words(1, "keys of caps"), Accounts = reader.Words(5, "accounts of caps"), Bookings = reader.Words(7, "bookings under caps") };
    }

    private static void Write(ref MessagePackWriter writer, Arm arm, ArmStatus status)
    {
        writer.WriteArrayHeader(ArmFields);
        writer.Write(arm.Id);
        writer.Write(arm.Provider);
        writer.Write((byte)arm.Tier);
        Write(ref writer, [.. arm.Capabilities]);
        Write(ref writer, arm.InputUsdPerMillionTokens);
        Write(ref writer, arm.OutputUsdPerMillionTokens);
        if (arm.ContextWindow is { } window) writer.Write(window);
        else writer.WriteNil();
        writer.Write(arm.PriorQuality);
        writer.Write(arm.PriorSamples);
        writer.Write((byte)status);
        writer.Write(StoredArm.LikenessOf(arm));
        Write(ref writer, arm.ExplorationUsd);
    }

    /// <summary>Restoring trusts the descriptions of arms, so they are held to the rules of options here.</summary>
    private static void Check(Arm[] arms)
    {
        var options = new RouterOptions();
        foreach (Arm arm in arms) options.Arms.Add(arm);
        IReadOnlyList<string> faults = options.Validate();
        if (faults.Count > 0) throw RouterSnapshot.Damaged($"an arm in it is impossible ({faults[0].TrimEnd('.')})");
    }

    private static void Write(ref MessagePackWriter writer, SegmentState segment)
    {
        writer.WriteArrayHeader(SegmentFields);
        writer.Write(segment.Key);
        Write(ref writer, segment.Own);
        Write(ref writer, segment.Rolled);
        Write(ref writer, segment.Progress);
        writer.WriteArrayHeader(segment.Joined.Length);
        foreach (long[] joined in segment.Joined) Write(ref writer, joined);
        Write(ref writer, segment.Exploration);
        if (segment.Ordered is { } ordered) Write(ref writer, ordered);
        else writer.WriteNil();
        writer.Write(segment.Position);
        writer.Write(segment.IsConditional);
        Write(ref writer, segment.CostShifts);
        writer.WriteArrayHeader(segment.Latencies.Length);
        foreach (long[] latencies in segment.Latencies) Write(ref writer, latencies);
        writer.Write(segment.RestatedAt);
    }

    private static void Write(ref MessagePackWriter writer, OrderedSegmentState ordered)
    {
        writer.WriteArrayHeader(OrderedFields);
        Write(ref writer, ordered.Closed);
        Write(ref writer, ordered.Epochs);
        Write(ref writer, ordered.Policy);
        Write(ref writer, ordered.Memory);
        writer.WriteArrayHeader(ordered.Drift.Length);
        foreach (double[] numbers in ordered.Drift) Write(ref writer, numbers);
    }

    private static OrderedSegmentState? ReadOrdered(ref PayloadReader reader)
    {
        if (reader.TryNil()) return null;
        reader.Fields(OrderedFields, "the ordered state of a segment");
        long[] closed = reader.Words(Evidence.WordCount, "evidence of closed epochs");
        long[] epochs = reader.Words(2, "epochs");
        double[] policy = reader.Doubles(1, "state of the policy");
        double[] memory = reader.Doubles(1, "state of forgetting");
        var drift = new double[reader.Count(1, "drift detection")][];
        for (int i = 0; i < drift.Length; i++) drift[i] = reader.Doubles(1, "drift detection");
        return new OrderedSegmentState { Closed = closed, Epochs = epochs, Policy = policy, Memory = memory, Drift = drift };
    }

    private static SegmentState ReadSegment(ref PayloadReader reader, int version)
    {
        reader.Fields(Of(version, SegmentFieldsV1, SegmentFieldsV2, SegmentFieldsV3, SegmentFields), "a segment");
        ulong key = reader.UInt64();
        long[] own = reader.Words(Evidence.WordCount, "evidence");
        long[] rolled = reader.Words(Evidence.WordCount, "rolled-up evidence");
        long[] progress = reader.Words(2, "roll-up progress");
        var joined = new long[reader.Count(1, "joined evidence")][];
        for (int origin = 0; origin < joined.Length; origin++) joined[origin] = reader.Words(Evidence.WordCount, "joined evidence");
        return new SegmentState
        {
            Key = key,
            Own = own,
            Rolled = rolled,
            Progress = progress,
            Joined = joined,
            Exploration = reader.Doubles(7, "exploration of a segment", exactly: true),
            Ordered = version == 1 ? null : ReadOrdered(ref reader),
            Position = version < 3 ? 0 : Position(ref reader),
            IsConditional = version >= 3 && reader.Flag(),
            CostShifts = version >= 4 ? reader.Doubles(3, "restated costs") : [],
            Latencies = version >= 4 ? ReadLatencies(ref reader) : [],
            RestatedAt = version >= 4 ? Position(ref reader) : 0,
        };
    }

    private static long[][] ReadLatencies(ref PayloadReader reader)
    {
        var latencies = new long[reader.Count(1, "latencies")][];
        for (int i = 0; i < latencies.Length; i++) latencies[i] = reader.Words(1, "latencies");
        return latencies;
    }

    private static void Write(ref MessagePackWriter writer, string[] texts)
    {
        writer.WriteArrayHeader(texts.Length);
        foreach (string text in texts) writer.Write(text);
    }

    private static void Write(ref MessagePackWriter writer, long[] words)
    {
        writer.WriteArrayHeader(words.Length);
        for (int at = 0; at < words.Length; at += WordsAtOnce)
        {
            ReadOnlySpan<long> some = words.AsSpan(at, Math.Min(WordsAtOnce, words.Length - at));
            var entry = new EntryWriter(writer.GetSpan(some.Length * (1 + sizeof(long))));
            foreach (long word in some) entry.Integer(word);
            writer.Advance(entry.Count);
        }
    }

    private static void Write(ref MessagePackWriter writer, double[] numbers)
    {
        writer.WriteArrayHeader(numbers.Length);
        foreach (double number in numbers) writer.Write(number);
    }

    private static void Write(ref MessagePackWriter writer, double? number)
    {
        if (number is { } known) writer.Write(known);
        else writer.WriteNil();
    }
}
