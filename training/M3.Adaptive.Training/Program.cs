using System.CommandLine;
using M3.Adaptive.Training.DataGeneration;

var root = new RootCommand("Generates data, trains the model and its predictor, and evaluates both.")
{
    DataCommand.Create(),
};
var parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? WrongUse(parsed) : await parsed.InvokeAsync();

static int WrongUse(ParseResult parsed)
{
    parsed.Invoke(); // prints the errors and the usage
    return 2;
}
