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

    public readonly CellTable<SegmentCell> Segments = new();
    public readonly CellTable<TaskCell> Tasks = new();
    public readonly CellTable<LessonCell> Lessons = new();
    public readonly CellTable<SegmentModelCell> SegmentModels = new();
    public readonly List<ModelCell> ModelCells = [];
    public readonly List<ProviderCell> ProviderCells = [];

    public TaskTotals All;

    public void Add(RecordParser record, ReadOnlySpan<byte> line)
    {
        var measured = new Measured(record);
        Outcome lesson = Measured.Lesson(record);
        TaskCell task = Task(
            Areas.Intern(record.Text(line, RecordField.TaskArea)),
            Risks.Intern(record.Text(line, RecordField.TaskRisk)),
            Complexities.Intern(record.Text(line, RecordField.TaskComplexity)));

        All.Add(measured);
        task.Evidence.Add(lesson);
        task.Segment.Totals.Add(measured);
        if (record.Outcome == TaskOutcome.Failed && ErrorTypes.Intern(record.Text(line, RecordField.ErrorType)) is not NameTable.Missing and var error)
            task.Segment.AddError(error);

        int planner = Models.Intern(record.Text(line, RecordField.PlannerModel));
        int plannerProvider = Providers.Intern(record.Text(line, RecordField.PlannerProvider));
        int implementer = Models.Intern(record.Text(line, RecordField.ImplementerModel));
        int implementerProvider = Providers.Intern(record.Text(line, RecordField.ImplementerProvider));

        if (planner != NameTable.Missing)
        {
            LessonCell cell = Teach(HistoryRole.Planner, task, planner, lesson, measured);
            if (planner == implementer) cell.Shared.Add(lesson);

            ModelCell model = Model(planner);
            model.Planner.Add(measured);
            model.Any.Add(measured);
            if (model.PlannerProvider == NameTable.Missing) model.PlannerProvider = plannerProvider;
        }

        Teach(HistoryRole.Implementer, task, implementer, lesson, measured);
        ModelCell implementing = Model(implementer);
        implementing.Implementer.Add(measured);
        if (planner != implementer) implementing.Any.Add(measured);
        if (implementing.ImplementerProvider == NameTable.Missing) implementing.ImplementerProvider = implementerProvider;

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

    private static readonly ulong OverflowTask = Key(NameTable.Other, NameTable.Other, NameTable.Other);

    private static ulong Key(int area, int risk, int complexity = 0, int model = 0, HistoryRole role = 0) =>
        (ulong)(uint)area | (ulong)(uint)risk << 13 | (ulong)(uint)complexity << 22 | (ulong)(uint)model << 31 | (ulong)role << 44;

    private TaskCell Task(int area, int risk, int complexity)
    {
        ulong key = Key(area, risk, complexity);
        if (Tasks.Find(key) is { } known) return known;
        if (Tasks.IsFull && key != OverflowTask) return Task(NameTable.Other, NameTable.Other, NameTable.Other);
        ulong segmentKey = Key(area, risk);
        SegmentCell segment = Segments.Find(segmentKey) ?? Segments.Add(segmentKey, new SegmentCell(area, risk));
        var task = new TaskCell(segment, complexity);
        segment.Tasks.Add(task);
        return Tasks.Add(key, task);
    }

    private LessonCell Teach(HistoryRole role, TaskCell task, int model, in Outcome lesson, in Measured measured)
    {
        LessonCell cell = Lesson(role, task, model);
        cell.Evidence.Add(lesson);
        cell.SegmentModel.Totals.Add(measured);
        return cell;
    }

    private LessonCell Lesson(HistoryRole role, TaskCell task, int model)
    {
        ulong key = Key(task.Segment.Area, task.Segment.Risk, task.Complexity, model, role);
        if (Lessons.Find(key) is { } known) return known;
        if (Lessons.IsFull && key != (OverflowTask | Key(0, 0, 0, NameTable.Other, role)))
            return Lesson(role, Task(NameTable.Other, NameTable.Other, NameTable.Other), NameTable.Other);
        ulong modelKey = Key(task.Segment.Area, task.Segment.Risk, 0, model, role);
        SegmentModelCell? segmentModel = SegmentModels.Find(modelKey);
        if (segmentModel is null)
        {
            segmentModel = SegmentModels.Add(modelKey, new SegmentModelCell(model));
            task.Segment.Models(role).Add(segmentModel);
        }

        var lesson = new LessonCell(role, task, model, segmentModel);
        Model(model).Lessons.Add(lesson);
        return Lessons.Add(key, lesson);
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
