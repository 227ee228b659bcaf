namespace Bandits.Tests.Laws;

public sealed class SuitesAreComplete
{
    /// <summary>Every policy of the library, index rules included, has its line in <c>Suites.cs</c>.</summary>
    [Fact]
    public void Every_policy_is_under_the_laws()
    {
        Type[] tested = [.. typeof(SuitesAreComplete).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(PolicyLaws)) && !type.IsAbstract)
            .Select(type => ((PolicyLaws)Activator.CreateInstance(type)!).Policy.GetType())
            .SelectMany(type => type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments()] : (Type[])[type])];
        Type[] policies = [.. typeof(BanditRouter).Assembly.GetTypes().Where(type => !type.IsInterface
            && type.GetInterfaces().Any(i => i == typeof(IRoutingPolicy) || (i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IIndexRule<>))))];
        Assert.NotEmpty(policies);
        Assert.Empty(policies.Except(tested));
    }

    [Fact]
    public void Every_strategy_is_under_the_laws() =>
        Assert.All(Enum.GetNames<Strategy>(), name => Assert.NotNull(typeof(SuitesAreComplete).Assembly.GetType($"Bandits.Tests.Laws.{name}_strategy")));
}
