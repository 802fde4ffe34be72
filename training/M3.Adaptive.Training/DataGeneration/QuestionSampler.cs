namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Chooses which questions of a picture an evaluation asks.</summary>
public static class QuestionSampler
{
    /// <summary>At most so many questions, at random but the same each time.</summary>
    /// <remarks>At most one is answered by yes or no, which a guess gets right half the time; none is for training only.</remarks>
    public static IReadOnlyList<Question> Sample(Scene scene, int most, ulong seed, long index)
    {
        var questions = scene.Questions.Where(question => !Families.TrainingOnly.Contains(question.Family)).ToList();
        SeededRandom.For(seed, stream: 64, index).Shuffle(questions);
        var yesOrNo = questions.Find(question => question.Family == Families.Exists);
        questions.RemoveAll(question => question.Family == Families.Exists && question != yesOrNo);
        return questions[..Math.Min(most, questions.Count)];
    }
}
