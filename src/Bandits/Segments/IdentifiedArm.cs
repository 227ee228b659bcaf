using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>A segment's answer to which arm is best, and what it was given for. Inside the segment's gate.</summary>
internal sealed class IdentifiedArm
{
    private ArmCatalog? _catalog;
    private double _delta;
    private long _restarts;

    public Identification Answer;

    /// <summary>Opens the question again when it is another one: arms came or went, another risk is asked for, or a change was detected.</summary>
    public void Reopen(ArmCatalog catalog, double delta, long restarts)
    {
        if (ReferenceEquals(catalog, _catalog) && delta == _delta && restarts == _restarts) return;
        (_catalog, _delta, _restarts) = (catalog, delta, restarts);
        Answer.Reopen();
    }
}
