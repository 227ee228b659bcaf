namespace Bandits.History;

/// <summary>
/// Every aggregate that a question needs, kept up to date record by record, so that no question looks at records again. Its size is bounded by the
/// number of distinct names and combinations, never by the number of records.
/// </summary>
internal sealed class HistoryCube
{
    public readonly NameTable Areas = new(HistoryLimits.Names);
    public readonly NameTable Risks = new(HistoryLimits.FewNames);
    public readonly NameTable Complexities = new(HistoryLimits.FewNames);
    public readonly NameTable Models = new(HistoryLimits.Names);
    public readonly NameTable Providers = new(HistoryLimits.Names);
    public readonly NameTable ErrorTypes = new(HistoryLimits.Names);

    public readonly CellTable<CaseCell> Cases = new();
    public readonly CellTable<SegmentCell> Segments = new();
    public readonly CellTable<SegmentModelCell> SegmentModels = new();
    public readonly List<ModelCell> ModelCells = [];
    public readonly List<ProviderCell> ProviderCells = [];

    public TaskTotals All;

    /// <summary>The numbers of a record's names. Nothing is counted yet; a name without a count shows in no answer.</summary>
    public RecordNames Intern(RecordParser record, ReadOnlySpan<byte> line)
    {
        var names = new RecordNames(
            Areas.Intern(record, line, RecordField.TaskArea),
            Risks.Intern(record, line, RecordField.TaskRisk),
            Complexities.Intern(record, line, RecordField.TaskComplexity),
            Models.Intern(record, line, RecordField.PlannerModel),
            Providers.Intern(record, line, RecordField.PlannerProvider),
            Models.Intern(record, line, RecordField.ImplementerModel),
            Providers.Intern(record, line, RecordField.ImplementerProvider));
        Cases.Prefetch(Key(names));
        return names;
    }

    /// <summary>The cell of a record with these names, or null when there is none yet.</summary>
    public CaseCell? Find(in RecordNames names)
    {
        CaseCell? known = Cases.Find(Key(names));
        if (known is not null) Memory.PrefetchAll(in known.Evidence);
        return known;
    }

    /// <summary>Counts a record with these names, whose cell is <paramref name="known"/> if there is one.</summary>
    public void Add(RecordParser record, ReadOnlySpan<byte> line, in RecordNames names, CaseCell? known)
    {
        int plannerProvider = names.PlannerProvider, implementerProvider = names.ImplementerProvider;
        CaseCell at = known ?? Case(names.Area, names.Risk, names.Complexity, names.Planner, names.Implementer);
        at.Evidence.Add(Measured.Lesson(record));
        var measured = new Measured(record);
        All.Add(measured);
        at.Segment.Add(at.Complexity, measured);
        if (record.Outcome == TaskOutcome.Failed && ErrorTypes.Intern(record, line, RecordField.ErrorType) is not NameTable.Missing and var error)
            at.Segment.AddError(error);

        if (at.PlannerModel is { } planning)
        {
            at.PlannerInSegment!.Totals.Add(measured);
            AddRole(planning.Planner, at, measured, plannerProvider);
            planning.Any.Add(at, measured);
        }

        at.ImplementerInSegment.Totals.Add(measured);
        AddRole(at.ImplementerModel.Implementer, at, measured, implementerProvider);
        if (at.ImplementerModel != at.PlannerModel) at.ImplementerModel.Any.Add(at, measured);

        if (plannerProvider != NameTable.Missing) Provider(plannerProvider).Totals.Add(measured);
        if (implementerProvider != NameTable.Missing && implementerProvider != plannerProvider) Provider(implementerProvider).Totals.Add(measured);
    }

    /// <summary>The segment of an (area, risk), or null when it was never seen.</summary>
    public SegmentCell? FindSegment(string area, string risk)
    {
        int areaNumber = Areas.Find(area), riskNumber = Risks.Find(risk);
        return areaNumber < 0 || riskNumber < 0 ? null : Segments.Find(Key(areaNumber, riskNumber));
    }

    /// <summary>The cell of a model, or null when it was never seen.</summary>
    public ModelCell? FindModel(string model)
    {
        int number = Models.Find(model);
        return number >= 0 && number < ModelCells.Count ? ModelCells[number] : null;
    }

    private static void AddRole(ModelRoleCell role, CaseCell at, in Measured measured, int provider)
    {
        role.Add(at, measured);
        if (role.Provider == NameTable.Missing) role.Provider = provider;
    }

    // 13 bits for an area or a model, 9 for a risk or a complexity: HistoryLimits leaves room in each.
    private static ulong Key(int area, int risk, int complexity = 0, int planner = 0, int implementer = 0) =>
        (ulong)(uint)area | (ulong)(uint)risk << 13 | (ulong)(uint)complexity << 22 | (ulong)(uint)planner << 31 | (ulong)(uint)implementer << 44;

    private static ulong Key(in RecordNames names) => Key(names.Area, names.Risk, names.Complexity, names.Planner, names.Implementer);

    private CaseCell Case(int area, int risk, int complexity, int planner, int implementer)
    {
        ulong key = Key(area, risk, complexity, planner, implementer);
        if (Cases.Find(key) is { } known) return known;
        if (Cases.IsFull) return OtherCase();
        SegmentCell segment = Segments.Find(Key(area, risk)) ?? Segments.Add(Key(area, risk), new SegmentCell(area, risk));
        return Cases.Add(key, new CaseCell
        {
            Segment = segment,
            Complexity = complexity,
            Planner = planner,
            Implementer = implementer,
            PlannerInSegment = planner == NameTable.Missing ? null : InSegment(segment, HistoryRole.Planner, planner),
            ImplementerInSegment = InSegment(segment, HistoryRole.Implementer, implementer),
            PlannerModel = planner == NameTable.Missing ? null : Model(planner),
            ImplementerModel = Model(implementer),
        });
    }

    /// <summary>Where everything goes once there are too many combinations.</summary>
    private CaseCell OtherCase()
    {
        const int Other = NameTable.Other;
        if (Cases.Find(Key(Other, Other, Other, Other, Other)) is { } known) return known;
        SegmentCell segment = Segments.Find(Key(Other, Other)) ?? Segments.Add(Key(Other, Other), new SegmentCell(Other, Other));
        return Cases.Add(Key(Other, Other, Other, Other, Other), new CaseCell
        {
            Segment = segment,
            Complexity = Other,
            Planner = Other,
            Implementer = Other,
            PlannerInSegment = InSegment(segment, HistoryRole.Planner, Other),
            ImplementerInSegment = InSegment(segment, HistoryRole.Implementer, Other),
            PlannerModel = Model(Other),
            ImplementerModel = Model(Other),
        });
    }

    private SegmentModelCell InSegment(SegmentCell segment, HistoryRole role, int model)
    {
        ulong key = Key(segment.Area, segment.Risk, (int)role, model);
        if (SegmentModels.Find(key) is { } known) return known;
        SegmentModelCell cell = SegmentModels.Add(key, new SegmentModelCell(model));
        segment.Models(role).Add(cell);
        return cell;
    }

    private ModelCell Model(int model)
    {
        while (ModelCells.Count <= model) ModelCells.Add(new ModelCell());
        return ModelCells[model];
    }

    private ProviderCell Provider(int provider)
    {
        while (ProviderCells.Count <= provider) ProviderCells.Add(new ProviderCell());
        return ProviderCells[provider];
    }
}
