namespace Bandits.Segments;

/// <summary>The baseline rules compiled against a schema: finds, for a segment and its eligible arms, the cheapest arms of the first row that matches.</summary>
internal sealed class RuleTable
{
    private readonly Row[] _rows;
    private readonly SegmentSchema _schema;

    private RuleTable(Row[] rows, SegmentSchema schema) => (_rows, _schema) = (rows, schema);

    /// <summary>Compiles the rules; of the default table, rows that name a dimension the schema lacks are left out.</summary>
    public static RuleTable Compile(IReadOnlyList<BaselineRule>? rules, SegmentSchema schema)
    {
        var rows = new List<Row>();
        foreach (BaselineRule rule in rules ?? BaselineRule.Defaults)
        {
            var conditions = new List<(int, int[])>();
            bool known = true;
            foreach ((string dimension, string[] values) in rule.Conditions)
            {
                int d = Array.IndexOf(schema.Dimensions, dimension);
                if (d < 0) known = false;
                else conditions.Add((d, schema.Distinct(d, values)));
            }

            if (known) rows.Add(new Row([.. conditions], rule.Capability, rule.Tier));
        }

        return new RuleTable([.. rows], schema);
    }

    /// <summary>
    /// Gives the values that rules name the numbers they have in a new router, where those are free. A journal names the values of decisions only, so after it was read
    /// the numbers of values that nothing was decided for are missing.
    /// </summary>
    public static void NumberValues(IReadOnlyList<BaselineRule>? rules, SegmentSchema schema)
    {
        var seen = new HashSet<string>[schema.Depth];
        for (int d = 0; d < seen.Length; d++) seen[d] = new HashSet<string>(StringComparer.Ordinal);
        foreach (BaselineRule rule in rules ?? BaselineRule.Defaults)
        {
            foreach ((string dimension, string[] values) in rule.Conditions)
            {
                int d = Array.IndexOf(schema.Dimensions, dimension);
                foreach (string value in d < 0 ? [] : values)
                    if (!SegmentSchema.IsReserved(value) && seen[d].Add(value)) schema.TryPut(d, SegmentSchema.Reserved + seen[d].Count - 1, value);
            }
        }
    }

    /// <summary>Writes to <paramref name="pmf"/> the baseline's choice among the eligible positions: the cheapest share it equally, the rest are 0.</summary>
    /// <remarks>A cost is the list price of a typical call; of an arm without a list price, what it is expected to cost by evidence.</remarks>
    public void Write(RouterSettings settings, ulong key, ReadOnlySpan<int> arms, ReadOnlySpan<ArmEstimate> estimates, Span<double> pmf)
    {
        foreach (Row row in _rows)
            if (row.Matches(_schema, key) && WriteCheapest(settings, row, arms, estimates, pmf)) return;
        WriteCheapest(settings, default, arms, estimates, pmf);
    }

    private static bool WriteCheapest(RouterSettings settings, Row row, ReadOnlySpan<int> arms, ReadOnlySpan<ArmEstimate> estimates, Span<double> pmf)
    {
        ulong required = row.Capability is null ? 0 : settings.Catalog.CapabilitiesOf([row.Capability]);
        double cheapest = double.PositiveInfinity;
        int ties = 0;
        for (int i = 0; i < arms.Length; i++)
        {
            pmf[i] = 0;
            if (!Fits(arms[i])) continue;
            double cost = CostOf(settings, arms[i], estimates);
            if (cost < cheapest) (cheapest, ties) = (cost, 1);
            else if (cost == cheapest) ties++;
        }

        if (ties == 0) return false;
        for (int i = 0; i < arms.Length; i++)
            if (CostOf(settings, arms[i], estimates) == cheapest && Fits(arms[i])) pmf[i] = 1.0 / ties;
        return true;

        bool Fits(int arm) =>
            (settings.Catalog.CapabilityMask[arm] & required) == required
            && (row.Tier is null || settings.Catalog.Arms[arm].Tier == row.Tier);
    }

    private static double CostOf(RouterSettings settings, int arm, ReadOnlySpan<ArmEstimate> estimates) =>
        settings.HasListPrice[arm] ? settings.ListCostUsd[arm] : estimates[arm].CostUsd;

    private readonly record struct Row((int Dimension, int[] Values)[] Conditions, string? Capability, ArmTier? Tier)
    {
        public bool Matches(SegmentSchema schema, ulong key)
        {
            foreach ((int dimension, int[] values) in Conditions)
                if (Array.IndexOf(values, schema.ValueAt(key, dimension)) < 0) return false;
            return true;
        }
    }
}
