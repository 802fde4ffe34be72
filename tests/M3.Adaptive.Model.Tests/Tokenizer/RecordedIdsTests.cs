using System.IO.Compression;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Tokenizer;
using Xunit;

namespace M3.Adaptive.Model.Tests.Tokenizer;

/// <summary>
/// Ids equal those of SentencePiece. The files beside this one hold a line for each text: its ids, a tab, the text. They were
/// recorded once with <c>spm_encode --model=MODEL --output_format=id</c> of Debian's package sentencepiece, 0.1.97.
/// For m3-nano: all questions and answers of its test and samples; wordings of its generator and of the one before, with everything that
/// these ask about, with and without their question marks; lines of the lists of concepts, items and words; wordings behind a bracket
/// instead of a space; and the 894 awkward texts that were recorded for the tiny tokenizer, too: runs of equal characters and
/// spaces, typed control pieces, characters without a piece, from all of Unicode.
/// </summary>
public sealed class RecordedIdsTests
{
    private static string Nano => Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "tokenizer.model");

    [Fact]
    public void Encode_TextsOfM3Nano_GivesTheIdsOfSentencePiece() =>
        CheckAll(SentencePieceTokenizer.Open(Nano), "m3-nano-ids.txt.gz", expectedTexts: 12_518);

    [Fact]
    public void Encode_TextsForMerges_GivesTheIdsOfSentencePiece() =>
        CheckAll(SentencePieceTokenizer.Load(TinyTokenizer.Model, "tiny"), "tiny-ids.txt.gz", expectedTexts: 894);

    private static void CheckAll(SentencePieceTokenizer tokenizer, string file, int expectedTexts)
    {
        var recorded = Read(file).ToArray();

        Assert.Equal(expectedTexts, recorded.Length);
        Assert.All(recorded, entry =>
        {
            Assert.Equal(entry.Ids, string.Join(' ', tokenizer.Encode(entry.Text)));
            Assert.Equal(entry.Text.Replace('\u2581', ' '), tokenizer.Decode(tokenizer.Encode(entry.Text)));
        });
    }

    private static IEnumerable<(string Ids, string Text)> Read(string file)
    {
        var path = Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.Model.Tests", "Tokenizer", file);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t');
            yield return (line[..tab], line[(tab + 1)..]);
        }
    }
}
