namespace M3.Adaptive.Training.DataGeneration.Asking;

/// <summary>The wordings of every question that a user may ask, a grammar each. None tells how large or how clear its object is.</summary>
internal static class Wordings
{
    public static readonly Wording Background = new("""
        ? what <color> is the (background|backdrop)<of>
        ? (what|which) <color> (fills|covers) the background<of>
        ? (what|which) <color> is behind (everything|it all|all of it)<in>
        ? (what|which) <color> does the (background|backdrop) have
        ? of (what|which) <color> is the (background|backdrop)<of>
        = the <color> of the (background|backdrop)<of>
        = the (background|backdrop) <color>
        = the <color> behind (everything|it all)
        ~ (what|which) <color> the (background|backdrop)<of> (is|has)
        ! look at the (background|backdrop) and (name|say) its <color>
        """);

    public static readonly Wording LargeObject = new("""
        ? (what|which) (object|thing) is the (largest|biggest)<in>
        ? (what|which) (object|thing) takes up the most (room|space)<in>
        ? what does the (largest|biggest|big|large) (object|thing) show
        ? what kind of (object|thing) is the (largest|biggest) one<in>
        = the (large|largest|big|biggest) (object|thing)<in>
        ~ what the (large|largest|big|biggest) (object|thing)<in> is
        ~ which (object|thing) is the (largest|biggest)
        ! (find|look at) the (largest|biggest) (object|thing) and (name it|say what it is)
        """);

    public static readonly Wording ObjectAt = new("""
        ? (what|which object|what object|which thing) is at the {x}<of>
        ? what (can be seen|can you see|do you see|is shown|is there|is placed) at the {x}<of>
        ? (what|which object) (lies|stands|appears) at the {x}<of>
        ? at the {x}<of>, what (do you see|is there|can be seen)
        = the (object|thing) at the {x}<of>
        ~ (what|which object|which thing) is at the {x}<of>
        ~ what you see at the {x}<of>
        ! look at the {x}<of> and (name|say) what is there
        """);

    public static readonly Wording Where = new("""
        ? where {is} the {x}<in>
        ? (in|at) (which|what) (place|position|spot) {is} the {x}<in>
        ? where (can|do) (you|we) (see|find) the {x}<in>
        ? where can the {x} be (found|seen)<in>
        ? where in (the|this) <pic> {is} the {x}
        = the (place|position|location) of the {x}<in>
        ~ where the {x} {is}<in>
        ~ in (which|what) (place|position) the {x} {is}
        ! find the {x} and say where {it is}
        ! (find|locate) the {x}<in>
        """);

    public static readonly Wording Exists = new("""
        ? {is} there {a}<in>
        ? (can|do) you see {a}<in>
        ? does (the|this) <pic> (show|contain|have|include) {a}
        ? {is} {a} (shown|visible|present)<in>
        ? {is} {a} in (the|this) <pic>
        ? can {a} be (seen|found)<in>
        ~ (whether|if) there {is} {a}<in>
        ~ (whether|if) (the|this) <pic> (shows|contains|has) {a}
        ~ (whether|if) you see {a}<in>
        ! check (whether|if) there {is} {a}<in>
        """);

    public static readonly Wording Count = new("""
        ? how many {many} are (there|shown|visible)<in>
        ? how many {many} (can|do) you see<in>
        ? how many {many} does (the|this) <pic> (show|have|contain)
        ? how many {many} are in (the|this) <pic>
        ? how (often|many times) {is} the {x} (shown|drawn|seen)<in>
        ? how (often|many times) (can|do) you see the {x}<in>
        = the number of {many}<in>
        ~ how many {many} (there are|you see|are shown)<in>
        ! count the {many}<in>
        ! count the {x}<in>
        ! count how (often|many times) the {x} {is} shown
        """);

    /// <summary>Of the only text, whatever it stands on.</summary>
    public static readonly Wording Text = new("""
        ? what (is|was) (written|printed)( here|)<in>
        ? what can (be|you) read( here|<in>)
        ? what (do|can) you read<in>
        ? (what|which) text (is shown|is written|is printed|can be seen)( here|<in>)
        ? what does (it|this|the text|the writing) say
        = the (text|writing)<in>
        ~ what is (written|printed)( here|<in>)
        ~ what (it|the text|the writing) says
        ! read (the|this) (text|writing)( aloud| out|)<in>
        ! (read|spell) what is (written|printed)( here|<in>)
        """);

    /// <summary>Of the only text, when it stands on a sign.</summary>
    public static readonly Wording Sign = new("""
        ? what does (the|this) sign say
        ? what (is|was) (written|printed|shown) on (the|this) sign<in>
        ? what can (be|you) read on (the|this) sign
        ? (what|which) text (is|stands|can be seen) on (the|this) sign
        ? what do you read on (the|this) sign
        = the (text|writing|inscription) (on|of) (the|this) sign<in>
        ~ what (the|this) sign says
        ~ what is (written|printed) on (the|this) sign<in>
        ! read (the|this) sign( aloud| out|)<in>
        ! (look at|find) the sign and read it
        """);

    /// <summary>{x} is "word" or "number".</summary>
    public static readonly Wording TextKind = new("""
        ? (what|which) {x} is (shown|written|printed|to be read)( here|<in>)
        ? (what|which) {x} (can|do) you (see|read)( here|<in>)
        ? (what|which) {x} is it
        = the {x}( shown| written| printed)( here|<in>)
        ~ (what|which) {x} is (shown|written|printed)( here|<in>)
        ! read the {x}( aloud| out|)( here|<in>)
        """);

    /// <summary>{x} is a colour.</summary>
    public static readonly Wording ColoredSign = new("""
        ? what does the {x} (sign|board) say
        ? what (is|was) (written|printed|shown) on the {x} (sign|board)<in>
        ? what can (be|you) read on the {x} (sign|board)
        ? (what|which) text (is|stands) on the {x} (sign|board)
        ? what do you read on the {x} (sign|board)
        = the (text|writing|inscription) (on|of) the {x} (sign|board)<in>
        ~ what the {x} (sign|board) says
        ~ what is (written|printed) on the {x} (sign|board)<in>
        ! read the {x} (sign|board)( aloud| out|)<in>
        ! (look at|find) the {x} (sign|board) and read it
        """);

    /// <summary>{x} is an item, with or without its article.</summary>
    public static readonly Wording Price = new("""
        ? how much {is} (the|) {x}( on (the|this) (receipt|bill)|)
        ? how much {does} (the|) {x} cost( on (the|this) (receipt|bill)|)
        ? what {does} (the|) {x} cost
        ? (what|which) price {does} (the|) {x} have( on (the|this) (receipt|bill)|)
        ? (what|which) price belongs to (the|) {x}
        ? how much (is|was) (paid|charged) for (the|) {x}
        ? how much do (i|you|we) (pay|owe) for (the|) {x}
        = the (price|cost) of (the|) {x}( on (the|this) (receipt|bill)|)
        = the amount (paid|charged) for (the|) {x}
        ~ (what|how much) (the|) {x} {costs}
        ! (find|look up|read|show) the price of (the|) {x}( on (the|this) (receipt|bill)|)
        """);

    /// <summary>{x} is a price.</summary>
    public static readonly Wording Item = new("""
        ? (what|which item|what item|which thing) costs {x}( on (the|this) (receipt|bill)|)
        ? (what|which item|what item) has the price( of|) {x}
        ? what can (be bought|be had|you buy|we buy|you get) for {x}
        ? what (is|was) (sold|bought) for {x}
        ? (what|which item) is (listed|priced) at {x}
        ? which item (has|bears) {x} as its price
        = the (item|thing) (that costs|for|at) {x}( on (the|this) (receipt|bill)|)
        = the (item|thing) with the price( of|) {x}( on (the|this) (receipt|bill)|)
        ~ (what|which item) costs {x}( on (the|this) (receipt|bill)|)
        ~ (what|which item) has the price( of|) {x}
        ! find (what|the item that) costs {x}( on (the|this) (receipt|bill)|)
        """);

    /// <summary>{x} is "highest", "lowest", "longest" or "shortest".</summary>
    public static readonly Wording Extreme = new("""
        ? (what|which) bar is the {x}( one|)<chart>
        ? (what|which) <color> is the {x} bar<chart>
        ? (what|which) <color> does the {x} bar have<chart>
        ? of (what|which) <color> is the {x} bar<chart>
        = the <color> of the {x} bar<chart>
        ~ which bar is the {x}( one|)<chart>
        ~ (what|which) <color> the {x} bar<chart> (is|has)
        ! find the {x} bar<chart> and (name|say) its <color>
        """);

    /// <summary>{x} is a colour.</summary>
    public static readonly Wording BarValue = new("""
        ? (what|which) (value|number) does the {x} bar (have|show|reach)<chart>
        ? (what|which) (value|number) (belongs to|is given for) the {x} bar<chart>
        ? how much is the {x} bar<chart>
        ? how much does the {x} bar (show|stand for)<chart>
        = the (value|number) (of|at) the {x} bar<chart>
        ~ (what|which) (value|number) the {x} bar (has|shows|stands for)<chart>
        ~ how much the {x} bar (is|shows)<chart>
        ! (read|look up|find) the (value|number) of the {x} bar<chart>
        """);

    /// <summary>{x} is a value.</summary>
    public static readonly Wording BarOfValue = new("""
        ? (what|which) bar (has|shows|reaches) (the value|the number|) {x}<chart>
        ? (what|which) bar stands (at|for) {x}<chart>
        ? (what|which) <color> is the bar (with|of|that has|that shows) the value {x}<chart>
        ? (what|which) <color> is the bar (at|that shows|that stands for) {x}<chart>
        = the <color> of the bar (with|that has|that shows) the (value|number) {x}<chart>
        ~ which bar (has|shows) the (value|number) {x}<chart>
        ~ (what|which) <color> the bar with the (value|number) {x} (is|has)<chart>
        ! find the bar (with|of) the (value|number) {x}<chart> and (name|say) its <color>
        """);

    /// <summary>By family: those of questions that a user may ask.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Wording>> OfFamily { get; } = new Dictionary<string, IReadOnlyList<Wording>>
    {
        [Families.Background] = [Background],
        [Families.LargeObject] = [LargeObject],
        [Families.ObjectAt] = [ObjectAt],
        [Families.Where] = [Where],
        [Families.Exists] = [Exists],
        [Families.Count] = [Count],
        [Families.Sign] = [Text, Sign, TextKind, ColoredSign],
        [Families.Receipt] = [Price, Item],
        [Families.Bars] = [Extreme, BarValue, BarOfValue],
    };

    public static readonly string[] List = ["list everything", "list all that you see", "what is in the picture"];

    public static readonly string[] PlacesOfAll = ["name the place of everything", "where is everything"];

    public static readonly string[] CountsOfAll = ["count everything", "how often is everything shown"];

    public static readonly string[] PricesOfAll = ["name the price of everything", "show the price of everything"];

    public static readonly string[] ItemsOfAll = ["which item has which price", "which item costs what"];

    public static readonly string[] ValuesOfAll = ["name the value of everything", "show the value of everything"];
}
