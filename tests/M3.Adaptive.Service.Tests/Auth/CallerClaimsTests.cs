using System.Security.Claims;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Auth;

namespace M3.Adaptive.Service.Tests.Auth;

public sealed class CallerClaimsTests
{
    public static TheoryData<Caller> Callers => [Caller.Anonymous, new("acme", KeyRole.Client, "a1"), new("acme", KeyRole.Admin, "b2")];

    [Theory]
    [MemberData(nameof(Callers))]
    public void ToCaller_OfItsPrincipal_IsTheSame(Caller caller) => Assert.Equal(caller, caller.ToPrincipal().ToCaller());

    [Fact]
    public void ToCaller_OfNobody_Throws() => Assert.Throws<InvalidOperationException>(() => new ClaimsPrincipal(new ClaimsIdentity()).ToCaller());
}
