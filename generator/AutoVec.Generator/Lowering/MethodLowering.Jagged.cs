using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Arrays of arrays. The rows stand in a matrix, row k is the array that <c>a[k]</c> means, and has no other place: a variable that means it is a
/// <see cref="Part"/> of the matrix, as a span is of an array, so that writes through either are seen by both.
/// <code>
/// var a = new double[n][];                             a = [n, m] zeros
/// for (int i = 0; i &lt; n; i++) a[i] = new double[m];  ⇒                              (the lengths: m, n times)
/// var row = a[2]; row[1] = x;                          a' = a with [2, 1] = x
/// </code>
/// A row that is assigned (<c>a[i] = row</c>) is copied into its place, and the variables that mean it mean the place from there on. So a row cannot
/// have two places (AV0166); to exchange two rows is to exchange what they hold, and what variables mean. How wide the matrix is: <see cref="Widen"/>.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>Are there jagged arrays in the method, or in what it calls? Then a variable of array type may mean a row.</summary>
    private bool _hasRows;

    private readonly Dictionary<Reference, SpanPlace> _spans = [];

    // The lengths of a jagged array's rows, by the rows.
    private readonly Dictionary<Cell, Cell> _lengthsOf = [];
    private readonly HashSet<Cell> _lengthCells = [];

    // Versions of lengths that are all the same, and what is known of single ones.
    private readonly Dictionary<Var, Atom> _uniform = [];
    private readonly Dictionary<Var, Seq<Atom?>> _each = [];
    private readonly Dictionary<(Var Lengths, Atom Index), Atom> _rowLengths = [];

    // Lengths that were read although it is known what they are, because the index may be out of range.
    private readonly Dictionary<Var, Atom> _sameLength = [];

    // Arrays as they were created.
    private readonly HashSet<Var> _zeros = [];

    private bool NamesRows(IOperation body, HashSet<ISymbol> seen)
    {
        foreach (var op in body.DescendantsAndSelf())
        {
            if (op.Type is IArrayTypeSymbol { ElementType: IArrayTypeSymbol }) return true;
            var called = op switch
            {
                IInvocationOperation i => i.TargetMethod,
                IPropertyReferenceOperation p => p.Property.GetMethod,
                IObjectCreationOperation o => o.Constructor,
                _ => null,
            };
            if (called is not null && seen.Add(called.OriginalDefinition) && Sources.BodyOf(called, _compilation, _cancel) is { } inner && NamesRows(inner, seen)) return true;
        }
        return false;
    }

    // ---- creation

    private Val NewRows(IArrayCreationOperation op, JaggedShape shape, string? hint) =>
        op.Initializer is { } initializer ? RowsFrom(shape, initializer.ElementValues, hint, op) : NoRows(shape.Scalar, ExtentFrom(op.DimensionSizes[0]), hint ?? "rows");

    private JaggedVal NoRows(Scalar scalar, Atom count, string name)
    {
        var rows = NewCell(name);
        _flow.Arrays[rows] = new(null);
        var none = (Var)_b.Build([count], (_, _) => Const.I32(-1), $"{name}_lengths");
        if (count is Const { AsInt: <= 64 and var n }) _each[none] = Enumerable.Repeat((Atom?)null, n).ToSeq();
        var lengths = NewCell($"{name}_lengths");
        _flow.Arrays[lengths] = new(none);
        _lengthCells.Add(lengths);
        _lengthsOf[rows] = lengths;
        return new JaggedVal(scalar, rows, lengths);
    }

    private JaggedVal RowsFrom(JaggedShape shape, IReadOnlyList<IOperation> elements, string? hint, IOperation where)
    {
        var rows = elements.Select(e => Memory(Value(e), e)).ToList();
        var array = NoRows(shape.Scalar, Const.I32(elements.Count), hint ?? "rows");
        foreach (var row in rows) Widen(array, ExtentsOf(row, where)[0]);
        string? parameter = null;
        for (int k = 0; k < rows.Count; k++) parameter = StoreRow(array, Const.I32(k), rows[k], elements[k], isFirst: true) ?? parameter;
        ProtectRows(array, parameter);
        return array;
    }

    private Val LoadRows(JaggedPlace place) =>
        _flow.References.TryGetValue(place.Rows.Reference, out var rows) && rows is not null
        && _flow.References.TryGetValue(place.Lengths.Reference, out var lengths) && lengths is not null ? new JaggedVal(place.Scalar, rows, lengths) : NoVal.Instance;

    // ---- reading

    private Atom CountOf(JaggedVal array, IOperation where) => VersionOf(array.Lengths, where).Type.Extents[0];

    private Atom RowIndex(JaggedVal array, IOperation index, IOperation where)
    {
        if (IsRange(index)) throw Unsupported(where, "take the rows one by one");
        var atom = Position(index, () => CountOf(array, where));
        return Numbers.Of(index.Type) is { } type ? Index(atom, type) : atom;
    }

    private ArrayVal RowOf(JaggedVal array, Atom index, IOperation where) =>
        new(array.Rows, new Part(index, Const.I32(0), RowLength(array, index, where), null, false, where));

    /// <summary>−1 where there is no row; whoever asks for it as a length has it checked.</summary>
    private Atom RowLength(JaggedVal array, Atom index, IOperation where)
    {
        var lengths = VersionOf(array.Lengths, where);
        bool known = _uniform.TryGetValue(lengths, out var length) && InScope(length);
        if (known && IsInside(index, CountOf(array, where))) return length!;
        if (index is Const { AsInt: >= 0 } c && _each.TryGetValue(lengths, out var each) && c.AsInt < each.Count && each[c.AsInt] is { } own && InScope(own)) return own;
        if (_rowLengths.TryGetValue((lengths, index), out var before) && InScope(before)) return before;
        var read = _b.Read(lengths, [index], "n");
        if (known)
        {
            _notNegative.Add(read);
            _sameLength[read] = length!;
        }
        _rowLengths[(lengths, index)] = read;
        return read;
    }

    /// <summary>The length of all rows, if they have one and all are there.</summary>
    private Atom? LengthOfAll(Cell rows) =>
        _lengthsOf.TryGetValue(rows, out var cell) && _flow.Arrays.TryGetValue(cell, out var content) && content.Version is { } lengths
        && _uniform.TryGetValue(lengths, out var all) && InScope(all) ? all : null;

    /// <summary>Is the row as long as the matrix is wide? Then what is outside of it is outside of the matrix.</summary>
    private bool IsWholeRow(Cell cell, Part part) =>
        _flow.Arrays[cell].Version is { Type.Extents: [_, var width] } && (part.Length.Equals(width) || part.Length is Var n && _sameLength.TryGetValue(n, out var same) && same.Equals(width));

    private Atom IsNoRow(Part part) => IsNotNegative(part.Length) ? Const.Bool(false) : Emit(OpTable.Lt, "c", part.Length, Const.I32(0));

    private Val RowsProperty(IPropertyReferenceOperation op, IOperation instance, string? hint)
    {
        if (Value(instance) is not JaggedVal array) throw new Rejection(LanguageRules.Unassigned, instance, Sources.TextOf(instance.Syntax), "create the array where it is declared");
        return new ScalarVal(op.Property.Name switch
        {
            "Length" => CountOf(array, op),
            "LongLength" => Emit(OpTable.ToI64, hint, CountOf(array, op)),
            _ => Const.I32(1),
        });
    }

    private Val RowsMethod(IInvocationOperation op, IOperation instance)
    {
        bool isFirst = op.Arguments is [{ Value.ConstantValue: { HasValue: true, Value: 0 } }];
        if (isFirst && op.TargetMethod.Name is "GetLength" or "GetUpperBound" && Value(instance) is JaggedVal array)
            return new ScalarVal(op.TargetMethod.Name == "GetLength" ? CountOf(array, op) : Emit(OpTable.Sub, "n", CountOf(array, op), Const.I32(1)));
        throw Unsupported(op, "a jagged array has a Length and rows; copy its rows one by one");
    }

    // ---- assigning rows

    /// <param name="Index">Which row.</param>
    /// <param name="Block">Where it is assigned.</param>
    /// <param name="Depth">How many loops are around.</param>
    private sealed record RowStore(JaggedVal Array, Atom Index, Atom Length, Builder Block, int Depth)
    {
        /// <summary>Is it an exchange with another row, which needs no room?</summary>
        public bool IsExchange { get; init; }
    }

    private readonly List<RowStore> _stores = [];

    private void StoreRow(JaggedVal array, Atom index, Val value, IOperation where) => ProtectRows(array, StoreRow(array, index, value, where, isFirst: IsFirst(array, index, where)));

    /// <summary>Gives the parameter that the row is, if it is one.</summary>
    /// <param name="isFirst">Is it certain that there was no row in this place?</param>
    private string? StoreRow(JaggedVal array, Atom index, Val value, IOperation where, bool isFirst)
    {
        if (value is NoVal) throw NoPlace(where, "is given no row: the variable may have none yet");
        var row = Memory(value, where);
        if (row.Part is not null || _flow.Arrays[row.Cell].Version is { Type.Rank: not 1 })
            throw NoPlace(where, "is given a row that has a place already: copy it, (T[])row.Clone(), or exchange two rows, (a[i], a[j]) = (a[j], a[i])");
        var contents = VersionOf(row.Cell, where);
        if (row.Cell.ReadOnly is null && _flow.Arrays[row.Cell].Frozen is { } frozen) throw NoPlace(where, $"is given a row with two names: {frozen}; copy it, (T[])row.Clone()");

        var length = contents.Type.Extents[0];
        if (!isFirst) Replaced(array, index);
        _stores.Add(new(array, index, length, _b, _rooms.Count));
        if (!HasRoom(array.Rows)) Widen(array, length);
        Writable(array.Rows, where);
        var part = new Part(index, Const.I32(0), length, null, false, where);
        bool zeros = _zeros.Contains(contents);
        if (!isFirst || !zeros)
            Overwrite(new ArrayVal(array.Rows, part), (b, at) => zeros ? Zero(array.Scalar) : b.Read(contents, [at[0]]), where);
        SetLength(array, index, length, where);
        if (row.Cell.ReadOnly is { } parameter) return parameter;
        Moved(row.Cell, array, part, where);
        return null;
    }

    private static Rejection NoPlace(IOperation where, string reason) => new(ArrayRules.Row, where, Sources.TextOf(where.Syntax), reason);

    private void ProtectRows(JaggedVal array, string? parameter)
    {
        if (parameter is not null)
            _flow.Arrays[array.Rows] = _flow.Arrays[array.Rows] with { Frozen = $"one of its rows is the parameter '{parameter}': give it a copy, (T[]){parameter}.Clone()" };
    }

    private void SetLength(JaggedVal array, Atom index, Atom length, IOperation where)
    {
        var lengths = VersionOf(array.Lengths, where);
        if (_uniform.TryGetValue(lengths, out var all) && all.Equals(length)) return;
        var next = _b.Write(lengths, [index], length, array.Lengths.Name);
        _rowLengths[(next, index)] = length;
        if (index is Const { AsInt: >= 0 } c && _each.TryGetValue(lengths, out var each) && c.AsInt < each.Count)
        {
            _each[next] = each = each.With(c.AsInt, length);
            if (each.All(e => length.Equals(e))) next = OneLength(next.Type.Extents[0], length);
        }
        _flow.Arrays[array.Lengths] = new(next);
    }

    private Var OneLength(Atom count, Atom length)
    {
        var lengths = (Var)_b.Build([count], (_, _) => length, "lengths");
        _uniform[lengths] = length;
        return lengths;
    }

    /// <summary>Variables that mean the array which becomes a row mean the row from here on.</summary>
    private void Moved(Cell cell, JaggedVal array, Part part, IOperation where)
    {
        foreach (var reference in _flow.References.Where(r => r.Value == cell).Select(r => r.Key).ToList())
        {
            if (!_spans.TryGetValue(reference, out var place)) throw NoPlace(where, $"is given a row that '{reference.Name}' means too; give it a copy, (T[])row.Clone()");
            _flow.References[reference] = array.Rows;
            _flow.Scalars[place.Row.Slot] = part.Row;
            if (place.IsArray) _flow.Scalars[place.Length.Slot] = part.Length;
            place.Last = part;
        }
        _flow.Arrays[cell] = new(null, $"it is a row of '{array.Rows.Name}' now; a row has one place, give others a copy");
    }

    /// <summary>Variables that may mean the row that was here mean an array that is nowhere any more.</summary>
    private void Replaced(JaggedVal array, Atom index)
    {
        foreach (var place in Naming(array))
        {
            if (_flow.Scalars[place.Row.Slot] is { } at && AreApart(at, index)) continue;
            var gone = NewCell(place.Array.Reference.Name);
            _flow.Arrays[gone] = new(null, $"'{array.Rows.Name}' has another row in its place; copy it before, (T[])row.Clone(), or write over its elements");
            _flow.References[place.Array.Reference] = gone;
        }
    }

    private List<SpanPlace> Naming(JaggedVal array) =>
        _flow.References.Where(r => r.Value == array.Rows && _spans.ContainsKey(r.Key)).OrderBy(r => r.Key.Id).Select(r => _spans[r.Key]).ToList();

    private bool AreApart(Atom a, Atom b) => (a, b) switch
    {
        (Const x, Const y) => x.AsInt != y.AsInt,
        (Var x, Var y) => LinearOf(x) is var (u, m) && LinearOf(y) is var (v, n) && u.Equals(v) && m != n,
        _ => false,
    };

    // ---- exchanging rows

    /// <summary><c>(a[i], a[j]) = (a[j], a[i]);</c></summary>
    private bool ExchangesRows(IDeconstructionAssignmentOperation op)
    {
        if (!_hasRows || op.Parent is not IExpressionStatementOperation || op.Target is not ITupleOperation { Elements: [var x, var y] }) return false;
        var value = op.Value is IConversionOperation { IsImplicit: true } c ? c.Operand : op.Value;
        if (value is not ITupleOperation { Elements: [var v, var w] } || !IsSameText(x, w) || !IsSameText(y, v)) return false;
        return x is IArrayElementReferenceOperation first && y is IArrayElementReferenceOperation second && Exchanged(first, second, null, op) is not null;
    }

    /// <summary>Exchanges the rows, if that is what they are; gives the array and the second index.</summary>
    /// <param name="but">A variable that is assigned meanwhile.</param>
    private (JaggedVal Array, Atom Second)? Exchanged(IArrayElementReferenceOperation first, IArrayElementReferenceOperation second, ILocalSymbol? but, IOperation where)
    {
        if (first.Type is not IArrayTypeSymbol || !IsSameText(first.ArrayReference, second.ArrayReference) || !IsPlain(first, but) || !IsPlain(second, but)) return null;
        if (Value(first.ArrayReference) is not JaggedVal array) return null;
        var (i, j) = (RowIndex(array, first.Indices[0], first), RowIndex(array, second.Indices[0], second));
        Exchange(array, i, j, where);
        return (array, j);
    }

    private void Exchange(JaggedVal array, Atom i, Atom j, IOperation where)
    {
        var rows = Writable(array.Rows, where);
        if (_places.Values.OfType<ElementPlace>().Any(e => e.Array.Cell == array.Rows)) throw NoPlace(where, "is exchanged, but a reference means an element of a row; exchange the elements");
        Touch(new ArrayVal(array.Rows), write: true);
        _stores.Add(new(array, i, Const.I32(0), _b, _rooms.Count) { IsExchange = true });
        var (state, c, body) = (_names.Fresh(array.Rows.Name, rows.Type), _names.Fresh("c", IrType.I32), _b.Nested());
        var (x, y) = (body.Read(state, [i, c]), body.Read(state, [j, c]));
        var next = body.Write(body.Write(state, [i, c], y), [j, c], x);
        _flow.Arrays[array.Rows] = new(_b.For([new Carry(state, rows)], new Dim(c, rows.Type.Extents[1]), body.Block(next), array.Rows.Name)[0]);

        var lengths = VersionOf(array.Lengths, where);
        if (!_uniform.ContainsKey(lengths))
        {
            var (m, n) = (_b.Read(lengths, [i], "n"), _b.Read(lengths, [j], "n"));
            _flow.Arrays[array.Lengths] = new(_b.Write(_b.Write(lengths, [i], n, array.Lengths.Name), [j], m, array.Lengths.Name));
        }
        foreach (var place in Naming(array))
        {
            var at = _flow.Scalars[place.Row.Slot]!;
            var other = Emit(OpTable.Select, "row", Emit(OpTable.Eq, "c", at, j), i, at);
            _flow.Scalars[place.Row.Slot] = Emit(OpTable.Select, "row", Emit(OpTable.Eq, "c", at, i), j, other);
        }
    }

    /// <summary><c>var t = a[i]; a[i] = a[j]; a[j] = t;</c></summary>
    private bool ExchangeInSteps(IReadOnlyList<IOperation> ops, int k)
    {
        if (!_hasRows || k + 2 >= ops.Count) return false;
        var (saved, from) = ops[k] switch
        {
            IVariableDeclarationGroupOperation { Declarations: [{ Declarators: [{ Symbol.IsRef: false } d] } declaration] } => ((ILocalSymbol?)d.Symbol, (d.Initializer ?? declaration.Initializer)?.Value),
            IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { IsRef: false, Target: ILocalReferenceOperation l } a } => (l.Local, a.Value),
            _ => (null, null),
        };
        if (saved is null || from is not IArrayElementReferenceOperation { Type: IArrayTypeSymbol } first) return false;
        if (Assigned(ops[k + 1]) is not ({ } place, IArrayElementReferenceOperation { Type: IArrayTypeSymbol } second) || Assigned(ops[k + 2]) is not ({ } last, ILocalReferenceOperation back)) return false;
        if (!SymbolEqualityComparer.Default.Equals(back.Local, saved) || !IsSameText(place, first) || !IsSameText(last, second)) return false;
        if (Exchanged(first, second, saved, place) is not var (array, j)) return false;
        Store(_places[saved], RowOf(array, j, first), ops[k]);
        return true;
    }

    private static (IOperation? Target, IOperation? Value) Assigned(IOperation statement) =>
        statement is IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { IsRef: false } a } ? (a.Target, a.Value) : (null, null);

    private static bool IsSameText(IOperation a, IOperation b) => SyntaxFactory.AreEquivalent(a.Syntax, b.Syntax);

    /// <summary>Is it the same however often it is read, as long as only rows are assigned?</summary>
    private static bool IsPlain(IOperation op, ILocalSymbol? but) => op.DescendantsAndSelf().All(o => o switch
    {
        ILocalReferenceOperation l => !SymbolEqualityComparer.Default.Equals(l.Local, but),
        IArrayElementReferenceOperation e => e == op,
        IParameterReferenceOperation or ILiteralOperation or IBinaryOperation { OperatorMethod: null } or IParenthesizedOperation => true,
        IConversionOperation c => c.OperatorMethod is null,
        IUnaryOperation u => u.OperatorMethod is null,
        _ => false,
    });
}
