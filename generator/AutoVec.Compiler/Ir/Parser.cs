using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Ir;

/// <summary>
/// Reads the text form. Types of what statements bind are inferred; names resolve to what is bound before them, so text that
/// parses is well scoped. Throws <see cref="FormatException"/> with the line.
/// </summary>
public sealed class Parser
{
    private readonly List<Token> _tokens;
    private readonly Dictionary<string, Var> _scope = [];
    private int _at;

    private Parser(string text) => _tokens = Lexer.Split(text);

    /// <summary>The first function of the text; the others are its callees.</summary>
    public static FunctionIr Parse(string text)
    {
        var parser = new Parser(text);
        var functions = new List<FunctionIr>();
        do functions.Add(parser.Function());
        while (parser._at < parser._tokens.Count);
        return functions[0] with { Callees = functions.Skip(1).ToSeq() };
    }

    // ---- tokens

    private Token Here => _at < _tokens.Count ? _tokens[_at] : Token.End;
    private Token Ahead(int n) => _at + n < _tokens.Count ? _tokens[_at + n] : Token.End;
    private Token Next() => _at < _tokens.Count ? _tokens[_at++] : throw Error("the text ends too early");
    private bool Is(string text) => Here.Text == text;

    private bool Try(string text)
    {
        if (!Is(text)) return false;
        _at++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Try(text)) throw Error($"expected '{text}', found '{Here.Text}'");
    }

    private FormatException Error(string what) => new($"IR line {(_at < _tokens.Count ? Here.Line : _tokens.LastOrDefault()?.Line ?? 0)}: {what}");

    private List<T> List<T>(Func<T> item, string end)
    {
        var items = new List<T>();
        if (Is(end)) return items;
        do items.Add(item());
        while (Try(","));
        return items;
    }

    // ---- names

    private string Name()
    {
        var token = Next();
        return token.IsName ? token.Text.Trim('`') : throw Error($"expected a name, found '{token.Text}'");
    }

    private Var Bind(string name, IrType type) => _scope[name] = new Var(name, type);

    private Atom Atom()
    {
        var token = Next();
        if (Lexer.Constant(token.Text) is { } c) return c;
        return _scope.TryGetValue(token.Text.Trim('`'), out var v) ? v : throw Error($"'{token.Text}' is not defined");
    }

    private Var Array() => Atom() is Var v ? v : throw Error("an array is a name");

    private Seq<Atom> Index()
    {
        Expect("[");
        var index = List(() => Try(":") ? All.Dimension : Entry(), "]");
        Expect("]");
        return index.ToSeq();
    }

    /// <summary><c>i</c>, <c>from:n</c>, <c>from:r*c</c>, <c>0:n!</c>.</summary>
    private Atom Entry()
    {
        var from = Atom();
        if (!Try(":")) return from;
        var extents = new List<Atom> { Atom() };
        while (Try("*")) extents.Add(Atom());
        return new Window(from, extents.ToSeq(), Try("!"));
    }

    /// <param name="bindSizes">In parameters: an unknown extent is bound by its appearance.</param>
    private IrType Type(bool bindSizes = false)
    {
        string name = Name();
        if (!Enum.TryParse(name, true, out Scalar scalar)) throw Error($"unknown type '{name}'");
        if (!Try("[")) return new IrType(scalar, []);
        var extents = List(() => bindSizes && Here.IsName && !_scope.ContainsKey(Here.Text.Trim('`')) ? Bind(Name(), IrType.I32) : Atom(), "]");
        Expect("]");
        return new IrType(scalar, extents.ToSeq());
    }

    // ---- functions and blocks

    private FunctionIr Function()
    {
        _scope.Clear();
        Expect("fun");
        string name = Name();
        Expect("(");
        var parameters = List(() => Parameter(bindSizes: true), ")");
        Expect(")");
        string? rule = Try("by") ? Name() : null;
        return new FunctionIr(name, parameters.ToSeq(), Block()) { Rule = rule };
    }

    private Var Parameter(bool bindSizes)
    {
        string name = Name();
        Expect(":");
        return Bind(name, Type(bindSizes));
    }

    private Block Block()
    {
        Expect("{");
        var stmts = new List<Stmt>();
        while (!Is("yield")) stmts.Add(Statement());
        Expect("yield");
        var results = Is("}") ? [] : List(Atom, "}");
        Expect("}");
        return new Block(stmts.ToSeq(), results.ToSeq());
    }

    private List<Dim> Dims() => List(Dimension, "{");

    private Dim Dimension()
    {
        string name = Name();
        Expect("<");
        var extent = Atom();
        return new Dim(Bind(name, IrType.I32), extent);
    }

    // ---- statements

    private Stmt Statement()
    {
        var outs = new List<string>();
        var types = new List<IrType?>();
        do
        {
            outs.Add(Name());
            types.Add(Try(":") ? Type() : null);
            // A call's array may have an extent that is a result of the same call.
            if (types[types.Count - 1] is { } annotated) Bind(outs[outs.Count - 1], annotated);
        }
        while (Try(","));
        Expect("=");
        Seq<Var> Out(IEnumerable<IrType> t) => outs.Zip(t, Bind).ToSeq();
        Var One(IrType t) => outs.Count == 1 ? Bind(outs[0], t) : throw Error("this statement binds one name");

        if (Here.Text == "call" && Ahead(1).IsName) return Call(Out, types);
        if (Here.Text == "if" && Ahead(2).Text == "{") return If(Out);
        if (Here.Text == "loop" && Ahead(1).Text == "(") return Loop(Out);
        if (Here.Text == "build" && Ahead(2).Text == "<") return Build(Out);
        if (Here.Text == "reduce" && Ahead(3).Text == "<") return Reduce(One);
        if (Here.Text == "scatter" && IsScatter()) return Scatter(One);
        return Simple(One);
    }

    /// <summary><c>scatter [n] i&lt;p {</c>, and not a read of an array called scatter.</summary>
    private bool IsScatter()
    {
        int n = 1;
        if (Ahead(n).Text != "[") return false;
        while (Ahead(n).Text is not ("]" or "<end>")) n++;
        return Ahead(n + 2).Text == "<" && !Ahead(n + 1).FirstOnLine;
    }

    private Stmt Simple(Func<IrType, Var> one)
    {
        bool sameLine(int n) => !Ahead(n).FirstOnLine;
        if (Ahead(1).Text == "with" && Ahead(2).Text == "[" && sameLine(1))
        {
            var array = Array();
            Expect("with");
            var index = Index();
            Expect("=");
            var value = Atom();
            return new Write(one(array.Type), array, index, value);
        }
        if (Ahead(1).Text == "at" && Ahead(2).Text == "[" && sameLine(1))
        {
            var array = Array();
            Expect("at");
            var index = Index();
            Expect("+=");
            var value = Atom();
            return new Accumulate(one(array.Type), array, index, value);
        }
        if (Ahead(1).Text == "[" && sameLine(1))
        {
            var array = Array();
            var index = Index();
            if (index.Count != array.Type.Rank) throw Error($"'{array}' has rank {array.Type.Rank}, the index {index.Count} entries");
            return new Read(one(Builder.SliceType(array.Type, index)), array, index);
        }
        if (sameLine(1) && OpTable.ByInfix(Ahead(1).Text) is { } candidate && Lexes(Ahead(0).Text))
        {
            var left = Atom();
            Next();
            var right = Atom();
            return Compute(candidate, [left, right], one);
        }
        string name = Next().Text;
        var op = OpTable.ByName(name) ?? throw Error($"unknown op '{name}'");
        var args = Enumerable.Range(0, op.Arity).Select(_ => Atom()).ToSeq();
        return Compute(op, args, one);
    }

    private bool Lexes(string text) => _scope.ContainsKey(text.Trim('`')) || Lexer.Constant(text) is not null;

    private Compute Compute(Op op, Seq<Atom> args, Func<IrType, Var> one)
    {
        try
        {
            return new Compute(one(op.TypeOf(args.Map(a => a.Type))), op, args);
        }
        catch (ArgumentException e)
        {
            throw Error(e.Message);
        }
    }

    private Build Build(Func<IEnumerable<IrType>, Seq<Var>> outs)
    {
        Expect("build");
        var dims = Dims().ToSeq();
        var body = Block();
        var leading = dims.Map(d => d.Extent);
        return new Build(outs(body.Results.Map(r => r.Type.Under(leading))), dims, body);
    }

    private Reduce Reduce(Func<IrType, Var> one)
    {
        Expect("reduce");
        string symbol = Next().Text;
        var kinds = Enum.GetValues(typeof(ReduceKind)).Cast<ReduceKind>().Where(k => Printer.Print(k) == symbol).ToList();
        if (kinds.Count == 0) throw Error($"cannot reduce by '{symbol}'");
        var dims = Dims().ToSeq();
        var body = Block();
        var type = kinds[0] is ReduceKind.ArgMax or ReduceKind.ArgMin ? IrType.I32 : body.Results[0].Type;
        return new Reduce(one(type), kinds[0], dims, body);
    }

    private Scatter Scatter(Func<IrType, Var> one)
    {
        Expect("scatter");
        var extents = Index();
        var dims = Dims().ToSeq();
        var body = Block();
        return new Scatter(one(body.Results[^1].Type.Element.Under(extents)), extents, dims, body);
    }

    private Stmt Loop(Func<IEnumerable<IrType>, Seq<Var>> outs)
    {
        Expect("loop");
        Expect("(");
        var state = List(() =>
        {
            string name = Name();
            Expect(":");
            var type = Type();
            Expect("=");
            var init = Atom();
            return (name, type, init);
        }, ")").Select(s => new Carry(Bind(s.name, s.type), s.init)).ToSeq();
        Expect(")");
        if (Try("for"))
        {
            bool placed = Ahead(1).Text != "<";
            var place = placed && Enum.TryParse(Next().Text, true, out LoopPlace known) ? known : LoopPlace.Undecided;
            var dim = Dimension();
            var body = Block();
            return new For(outs(state.Map(c => c.Param.Type)), state, dim, body) { Place = place };
        }
        Expect("while");
        var condition = Block();
        var trip = Block();
        return new While(outs(state.Map(c => c.Param.Type)), state, condition, trip);
    }

    private If If(Func<IEnumerable<IrType>, Seq<Var>> outs)
    {
        Expect("if");
        var condition = Atom();
        var then = Block();
        Expect("else");
        var otherwise = Block();
        return new If(outs(then.Results.Map(r => r.Type)), condition, then, otherwise);
    }

    private Call Call(Func<IEnumerable<IrType>, Seq<Var>> outs, List<IrType?> types)
    {
        Expect("call");
        Derivation? derivation = null;
        if (Derivation.ByName(Here.Text) is { } kind)
        {
            Next();
            derivation = new Derivation(kind, Lexer.Constant(Here.Text) is { Scalar: Scalar.I32 } leaves ? CountOf(leaves) : 1);
        }
        string function = Name();
        var args = new List<Atom>();
        while (!Here.FirstOnLine && !Is("}")) args.Add(Atom());
        if (types.Contains(null)) throw Error("the results of a call are annotated: x: f32[n] = call F a");
        return new Call(outs(types.Select(t => t!)), function, args.ToSeq()) { Derivation = derivation };
    }

    private int CountOf(Const leaves)
    {
        Next();
        return leaves.AsInt;
    }
}
