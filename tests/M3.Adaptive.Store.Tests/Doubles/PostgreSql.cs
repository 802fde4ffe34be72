using M3.Adaptive.TestKit.Databases;

namespace M3.Adaptive.Store.Tests.Doubles;

/// <summary>The tests that share the one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSql : ICollectionFixture<PostgreSqlCluster>
{
    public const string Name = "PostgreSQL";
}
