namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// Reads the base of the rotary angles in every spelling: <c>rope_theta</c> beside the other fields, or within <c>rope_parameters</c>
/// or the older <c>rope_scaling</c>. Scaling of any kind and parameters of single layers are refused by name.
/// </summary>
internal static class RotaryFields
{
    private const string Base = "rope_theta";
    private const double DefaultBase = 10_000;

    private static readonly string[] Places = ["rope_parameters", "rope_scaling"];
    private static readonly string[] TypeKeys = ["rope_type", "type"];

    public static double ReadBase(JsonFields text)
    {
        text.Neutral("partial_rotary_factor");
        double? stated = text.Has(Base) ? text.Number(Base, DefaultBase) : null;
        foreach (var place in Places)
        {
            if (text.Object(place) is not { } rope) continue;
            if (TypeKeys.FirstOrDefault(key => rope.Has(key) && !rope.Is(key, "default")) is { } typeKey)
            {
                rope.OneOf(typeKey, "default");         // the other fields belong to this type
                continue;
            }

            foreach (var key in rope.Keys.Except([Base, .. TypeKeys])) rope.Neutral(key);
            if (rope.Has(Base)) stated = stated is { } first ? rope.Exactly(Base, first) : rope.Number(Base, DefaultBase);
        }

        return stated ?? DefaultBase;
    }
}
