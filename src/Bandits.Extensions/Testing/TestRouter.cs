namespace Bandits.Testing;

/// <summary>A real router for unit tests of code that routes: it chooses the arms it was told to, the first one otherwise, the same at every run, and remembers what was recorded.</summary>
/// <remarks>
/// Only the choice is scripted: eligibility, propensities (1), ids, tokens, evidence and refusals are a router's own, so code that passes here passes in production. An arm of the script that is not eligible
/// waits until it is. Explaining a request asks the script as a decision does; within a session (<see cref="Request.Session"/>) the arm stays as it does in any router, and of several arms at once (<see cref="BanditRouter.DecideTop"/>)
/// one is the script's.
/// </remarks>
public sealed class TestRouter
{
    private readonly ScriptedPolicy _script = new();
    private readonly RecordedOutcomes _outcomes = new();

    /// <summary>A router with these arms, of the dimensions role, area, risk and complexity.</summary>
    /// <param name="armIds">Ids of the arms; the first is chosen unless another is scripted.</param>
    public TestRouter(params string[] armIds)
        : this(options =>
        {
            ArgumentNullException.ThrowIfNull(armIds);
            foreach (string id in armIds) options.Arms.Add(new Arm { Id = id });
        })
    {
    }

    /// <summary>A router with these options; strategy, policy, propensities and exploration floor are the test's own.</summary>
    /// <param name="configure">Sets options.</param>
    public TestRouter(Action<RouterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new RouterOptions();
        configure(options);
        (options.Strategy, options.Policy, options.Propensities, options.ExplorationFloor) = (Strategy.Balanced, _script, true, 0);
        Router = new BanditRouter(options);
        Router.Attach(_outcomes);
    }

    /// <summary>The router, to hand to the code under test.</summary>
    public BanditRouter Router { get; }

    /// <summary>What was recorded, in the order of the calls, refused outcomes included.</summary>
    public IReadOnlyList<RecordedOutcome> Outcomes => _outcomes.All;

    /// <summary>Scripted choices that were not made yet.</summary>
    public int Waiting => _script.Waiting;

    /// <summary>Has the next decisions choose these arms, one after the other, after those already scripted.</summary>
    /// <exception cref="ArgumentException">There is no arm of an id; nothing is scripted.</exception>
    public TestRouter Choose(params string[] armIds)
    {
        ArgumentNullException.ThrowIfNull(armIds);
        foreach (int arm in Array.ConvertAll(armIds, Router.IndexOf)) _script.Add(arm);
        return this;
    }
}
