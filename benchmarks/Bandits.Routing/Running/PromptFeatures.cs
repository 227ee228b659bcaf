using Bandits.Contextual;
using Bandits.Routing.Outcomes;

namespace Bandits.Routing.Running;

/// <summary>What prompts say, in numbers: <see cref="TextFeatures"/> fitted to the prompts that are learnt from and to no other, then frozen.</summary>
internal sealed class PromptFeatures
{
    private readonly Dictionary<string, float[]> _byTask = new(StringComparer.Ordinal);

    /// <param name="train">Tasks that are fitted to, 2 or more, each with its prompt; their order does not matter.</param>
    /// <param name="test">Tasks that are not.</param>
    public PromptFeatures(RoutingTask[] train, RoutingTask[] test)
    {
        TextFeatures text = TextFeatures.Fit(train.OrderBy(static task => task.Id, StringComparer.Ordinal).Select(static task => task.Prompt!));
        Count = text.Count;
        foreach (RoutingTask task in (IEnumerable<RoutingTask>)[.. train, .. test])
        {
            var features = new float[Count];
            text.Write(task.Prompt, features);
            _byTask[task.Id] = features;
        }
    }

    /// <summary>Numbers of each task.</summary>
    public int Count { get; }

    public ReadOnlyMemory<float> Of(RoutingTask task) => _byTask[task.Id];
}
