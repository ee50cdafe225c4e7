using AutoVec.Compiler.Ir;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>A random program with what it is run on: a few samples, each with a direction for its tangent.</summary>
public sealed class RandomCase
{
    public RandomCase(int seed)
    {
        Seed = seed;
        Program = RandomCSharp.Make(seed);
        // More than one vector of the widest, and less than one of the narrowest.
        int samples = IsSingle || seed % 16 == 1 ? 1 : seed % 8 == 0 ? 11 : 3;
        Inputs = Samples(samples, seed * 7);
        Directions = Samples(samples, seed * 11 + 1);
        BatchAndDirections = [.. Stack(Inputs), .. Stack(Directions)];
        Few = [.. Stack([.. Inputs.TakeLast(Interpreted)]), .. Stack([.. Directions.TakeLast(Interpreted)])];
    }

    /// <summary>The interpreter's batch is at most so large.</summary>
    public const int Interpreted = 2;

    public int Seed { get; }
    public RandomProgram Program { get; }

    /// <summary>Of every dimension.</summary>
    public int Extent => 1 + Seed % 4;

    /// <summary>Is it compiled without a batch, so that the program's own loops are what is shared out?</summary>
    public bool IsSingle => Seed % 5 == 3;

    /// <summary>Is forward mode compiled too? For every fourth program.</summary>
    public bool HasTangent => Seed % 4 == 1;

    /// <summary>Is there code of it? For every fifth program, of all kinds; that of the others is interpreted, which costs half.</summary>
    public bool IsCompiled => Seed / 4 % 5 == 0;

    /// <summary>Have all samples one value of parameter k? Of two programs in three some have, mostly the matrix, as weights are; never the last.</summary>
    public bool IsShared(int k) => k < 4 && (Seed % 3 == 0 ? k == 2 : Seed % 3 == 1 && (Seed / 3 >> k) % 2 == 1);

    /// <summary>What becomes of the values of a batch.</summary>
    public Compiler.Emit.Reduction Reduction => (Compiler.Emit.Reduction)(Seed / 7 % 3);

    public IReadOnlyList<Value[]> Inputs { get; }
    public IReadOnlyList<Value[]> Directions { get; }
    public Value[] BatchAndDirections { get; }

    /// <summary>The last samples and their directions.</summary>
    public Value[] Few { get; }

    private Value[][] Samples(int count, int seed)
    {
        var samples = Enumerable.Range(0, count).Select(k => RandomInputs.Make(Program, Extent, seed + k)).ToArray();
        return [.. samples.Select(s => s.Select((v, k) => IsShared(k) ? samples[0][k] : v).ToArray())];
    }

    private Value[] Stack(IReadOnlyList<Value[]> samples) => IsSingle ? samples[0] : [.. samples[0].Select((v, k) => IsShared(k) ? v : RandomInputs.Stack([.. samples.Select(s => s[k])]))];

    public override string ToString() => $"seed {Seed}, n = {Extent}";
}
