using Bandits.Regret.Environments;
using Bandits.Regret.Policies;

namespace Bandits.Regret.Running;

/// <summary>Plays policies in an environment over seeds, on several threads.</summary>
/// <remarks>
/// Every (policy, seed) is an independent task that shares nothing but immutable settings and writes to places of its own; means are taken afterwards in the
/// order of the seeds. So the figures do not depend on the number of threads, bit for bit.
/// </remarks>
internal static class Laboratory
{
    /// <summary>Plays; <paramref name="done"/> is called about five times a second with the number of trials played and their total.</summary>
    public static Study Run(Instance instance, IReadOnlyList<(PolicyEntry Policy, int Seeds)> policies, int threads, Action<int, int>? done)
    {
        long start = TimeProvider.System.GetTimestamp();
        int[] checkpoints = Checkpoints.Of(instance.Horizon);
        int[] firstTask = new int[policies.Count + 1];
        for (int p = 0; p < policies.Count; p++) firstTask[p + 1] = firstTask[p] + policies[p].Seeds;
        int tasks = firstTask[^1], taken = 0, played = 0;
        var regret = new double[tasks][];
        Exception? fault = null;

        void Work()
        {
            while (Volatile.Read(ref fault) is null)
            {
                int task = Interlocked.Increment(ref taken) - 1;
                if (task >= tasks) return;
                int p = Array.BinarySearch(firstTask, task);
                if (p < 0) p = ~p - 1;
                while (firstTask[p + 1] == task) p++; // a policy without seeds
                int seed = task - firstTask[p];
                try
                {
                    Trial.Run(instance, policies[p].Policy, seed, checkpoints, regret[task] = new double[checkpoints.Length]);
                }
                catch (Exception e)
                {
                    string where = $"Environment '{instance.Name}', policy '{policies[p].Policy.Name}', seed {seed}";
                    Volatile.Write(ref fault, new InvalidOperationException($"{where}: {e.Message}", e));
                }

                Interlocked.Increment(ref played);
            }
        }

        var workers = new Thread[Math.Min(threads, Math.Max(1, tasks))];
        for (int i = 0; i < workers.Length; i++) (workers[i] = new Thread(Work) { IsBackground = true, Name = $"trials {i}" }).Start();
        foreach (Thread worker in workers)
            while (!worker.Join(200)) done?.Invoke(Volatile.Read(ref played), tasks);
        if (fault is not null) throw fault;
        done?.Invoke(tasks, tasks);

        var findings = new Finding[policies.Count];
        for (int p = 0; p < findings.Length; p++)
            findings[p] = Summarise(policies[p].Policy, regret.AsSpan(firstTask[p], policies[p].Seeds), checkpoints.Length);
        return new Study(instance, checkpoints, findings, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
    }

    private static Finding Summarise(PolicyEntry policy, ReadOnlySpan<double[]> bySeed, int checkpoints)
    {
        var curve = new Figure[checkpoints];
        var values = new double[bySeed.Length];
        for (int checkpoint = 0; checkpoint < checkpoints; checkpoint++)
        {
            for (int seed = 0; seed < values.Length; seed++) values[seed] = bySeed[seed][checkpoint];
            curve[checkpoint] = Figure.Of(values);
        }

        return new Finding(policy, values, curve);
    }
}
