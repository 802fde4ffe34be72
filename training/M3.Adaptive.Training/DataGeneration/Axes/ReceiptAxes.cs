namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>Lines above the items of a receipt.</summary>
internal sealed class ReceiptHeaders() : Axis<int>("receipt's header",
    ("none", 0.50, _ => 0),
    ("a word", 0.35, _ => 1),
    ("a word and a number", 0.15, _ => 2));

/// <summary>Whether a receipt ends with the sum of its prices.</summary>
internal sealed class ReceiptTotals() : Axis<bool>("receipt's total",
    ("none", 0.60, _ => false),
    ("a line", 0.40, _ => true));

/// <summary>Share of the free width that lies between the columns of a receipt.</summary>
internal sealed class ReceiptWidths() : Axis<double>("between items and prices",
    ("a space", 0.30, _ => 0),
    ("a part of the free width", 0.50, random => random.Between(0.1, 0.7)),
    ("all of it", 0.20, _ => 1));

/// <summary>Prices, from the lowest to the highest that may be drawn.</summary>
internal sealed class Prices() : Axis<(int Low, int High)>("prices",
    ("1 or 2 digits", 0.80, _ => (2, 99)),
    ("up to 3 digits", 0.20, _ => (2, 999)));
