using M3.Adaptive.Training;

return await TrainingCommand.RunAsync(args);
