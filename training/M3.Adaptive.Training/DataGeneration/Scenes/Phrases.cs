namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>The wordings of every question. None tells how large or how clear its object is.</summary>
internal static class Phrases
{
    private static readonly HashSet<string> Plural = ["cherries", "french fries", "glasses", "grapes", "pancakes", "scissors"];
    private static readonly HashSet<string> Mass = ["bread", "fire", "popcorn"];

    private static readonly HashSet<string> Requests = ["count", "list", "name", "read", "show"];

    public static readonly string[] Background =
    [
        "what color is the background", "what is the background color", "which color fills the background",
        "what is the color behind everything", "name the color of the background",
    ];

    public static readonly string[] LargeObject =
    [
        "what is the large object", "what is the largest object", "which object is the largest",
        "name the big object", "what is the big thing in the picture",
    ];

    public static readonly string[] ObjectAt =
    [
        "what is at the {0}", "which object is at the {0}", "what object is at the {0}",
        "name the object at the {0}", "what can be seen at the {0}",
    ];

    /// <summary>{1} is "is" or "are".</summary>
    public static readonly string[] Where =
    [
        "where {1} the {0}", "in which place {1} the {0}", "at which place {1} the {0}",
        "where can the {0} be found", "name the place of the {0}",
    ];

    /// <summary>{0} has its article, {1} is "is" or "are".</summary>
    public static readonly string[] Exists =
    [
        "{1} there {0}", "can you see {0}", "does the picture show {0}", "does the picture have {0}", "{1} there {0} in the picture",
    ];

    /// <summary>{1} is "is" or "are".</summary>
    public static readonly string[] Count =
    [
        "how often {1} the {0} shown", "how many times {1} the {0} shown", "how many times can you see the {0}",
        "how many times {1} the {0} in the picture", "count the {0}",
    ];

    public static readonly string[] Sign =
    [
        "what does the sign say", "read the sign", "what is written on the sign", "what text is on the sign", "what can be read on the sign",
    ];

    public static readonly string[] SignWord = ["what word is on the sign", "which word is on the sign", "read the word on the sign"];

    public static readonly string[] SignNumber = ["what number is on the sign", "which number is on the sign", "read the number on the sign"];

    public static readonly string[] ColoredSign =
    [
        "what does the {0} sign say", "read the {0} sign", "what is written on the {0} sign", "what text is on the {0} sign",
    ];

    public static readonly string[] Price =
    [
        "what is the price of {0}", "which price belongs to {0}", "what price has {0}", "show the price of {0}", "name the price of {0}",
    ];

    public static readonly string[] Item =
    [
        "what costs {0}", "which item costs {0}", "what has the price {0}", "which item has the price {0}", "what can be bought for {0}",
    ];

    public static readonly string[] Highest =
    [
        "which bar is the highest", "what color is the highest bar", "which bar is the tallest", "what color is the tallest bar",
    ];

    public static readonly string[] Lowest =
    [
        "which bar is the lowest", "what color is the lowest bar", "which bar is the shortest", "what color is the shortest bar",
    ];

    public static readonly string[] BarValue =
    [
        "what is the value of the {0} bar", "what number is above the {0} bar", "which value has the {0} bar", "how much is the {0} bar",
    ];

    public static readonly string[] BarOfValue =
    [
        "which bar has the value {0}", "what color is the bar with the value {0}", "which bar stands at {0}",
    ];

    public static readonly string[] BarCount = ["how many bars are there", "count the bars", "how many bars does the chart have"];

    public static readonly string[] List = ["list everything", "list all that you see", "what is in the picture"];

    public static readonly string[] InventoryOfPlaces = ["name the place of everything", "where is everything"];

    public static readonly string[] InventoryOfCounts = ["count everything", "how often is everything shown"];

    public static readonly string[] InventoryOfPrices = ["name the price of everything", "show the price of everything"];

    public static readonly string[] InventoryOfItems = ["which item has which price", "which item costs what"];

    public static readonly string[] InventoryOfValues = ["name the value of everything", "show the value of everything"];

    /// <summary>"an owl", "a unicorn", "scissors", "bread".</summary>
    public static string WithArticle(string name) =>
        Plural.Contains(name) || Mass.Contains(name) ? name
        : "aeio".Contains(name[0]) || name == "umbrella" ? "an " + name
        : "a " + name;

    /// <summary>Whether the wording asks by an order, which takes no question mark.</summary>
    public static bool IsRequest(string text) => Requests.Contains(text[..text.IndexOf(' ')]);

    public static string Be(string name) => Plural.Contains(name) ? "are" : "is";
}
