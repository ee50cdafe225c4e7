using System.Reflection;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>All scalar ops, one field each, by theme in the files of this folder. Adding one touches one place.</summary>
public static partial class OpTable
{
    /// <summary>Every op, ordered by name.</summary>
    public static Seq<Op> All => Lookup.All;

    public static Op? ByName(string name) => Lookup.Names.TryGetValue(name, out var op) ? op : null;
    public static Op? ByInfix(string symbol) => Lookup.Infixes.TryGetValue(symbol, out var op) ? op : null;

    // Built at first use, when the fields of every file are set.
    private static class Lookup
    {
        public static readonly Seq<Op> All = typeof(OpTable).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => f.GetValue(null)).OfType<Op>().OrderBy(op => op.Name, StringComparer.Ordinal).ToSeq();
        public static readonly Dictionary<string, Op> Names = All.ToDictionary(op => op.Name);
        public static readonly Dictionary<string, Op> Infixes = All.Where(op => op.Infix is not null).ToDictionary(op => op.Infix!);
    }
}
