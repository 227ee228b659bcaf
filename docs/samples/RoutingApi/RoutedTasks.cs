using Bandits;

namespace RoutingApi;

/// <summary>Runs tasks on the provider that the router chooses, and tells the router what became of them.</summary>
public sealed class RoutedTasks(BanditRouter router, Providers providers, TimeProvider clock)
{
    private const int MostAttempts = 3;

    /// <summary>Runs a task; null when no provider would take it.</summary>
    public async Task<TaskAnswer?> Run(TaskRequest task, CancellationToken cancellation)
    {
        SegmentKey segment = router.SegmentOf(task.Role, task.Area);
        var tried = new List<int>();
        DecisionId first = default;
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            var request = new Request(segment) { Attempt = attempt, Root = first, ExcludedArms = tried.ToArray() };
            if (!router.TryDecide(request, out Decision decision)) return null;
            if (attempt == 0) first = decision.Id;

            string arm = router.ArmAt(decision.Arm).Id;
            long began = clock.GetTimestamp();
            ProviderAnswer answer = await providers.Ask(arm, task, cancellation);
            TimeSpan latency = clock.GetElapsedTime(began);
            if (answer.RetryAfter is { } retryAfter)
            {
                // Says nothing of quality; the arm is left alone for as long as it asked.
                router.Record(decision, new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = retryAfter, Attempt = attempt });
                tried.Add(decision.Arm);
                continue;
            }

            // Cost and latency are known now, quality later: parts of one outcome, in any order.
            router.Record(decision, new Outcome { CostUsd = answer.CostUsd, Latency = latency, Attempt = attempt });
            return new TaskAnswer(answer.Text, arm, decision.Propensity, router.TokenOf(decision));
        }

        return null;
    }

    /// <summary>Records how good an answer was.</summary>
    /// <exception cref="FormatException">The token is not of this store.</exception>
    /// <exception cref="ArgumentException">The grade is out of its range.</exception>
    public Recorded Judge(string token, TaskOutcome outcome)
    {
        Decision decision = router.ParseToken(token);
        return router.Record(decision, new Outcome
        {
            Kind = outcome.Success ? OutcomeKind.Success : OutcomeKind.Failed,
            Quality = outcome.Quality,
            Revision = outcome.Revision,
            Attempt = decision.Attempt,
        });
    }
}
