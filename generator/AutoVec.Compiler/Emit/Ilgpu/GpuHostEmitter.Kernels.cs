using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Core;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>Stages as launches.</summary>
internal sealed partial class GpuHostEmitter
{
    /// <summary>How many elements one thread of a reduction takes; fixed, hence so is the order of the sum.</summary>
    private const int Part = 256;

    private void Kernel(KernelStage stage)
    {
        // A single build has a thread for each point of all its dimensions; several share their rows, one thread each.
        if (stage.Stmts.Count == 1 && stage.Stmts[0] is Build { Dims.Count: > 1 } build)
        {
            var places = build.Results.Map(r => Place(r));
            Barrier();
            Threads(build.Results[0], build.Dims, build.Body, places, stage.Title, IsBatch(build.Dims[0].Extent) ? build.Dims[0].Index : null);
            for (int k = 0; k < places.Count; k++) Bind(build.Results[k], places[k]);
            return;
        }
        var thread = ThreadFunction.Of(stage, v => IsReadElsewhere(v, stage.Stmts), _core.IrNames);
        var stores = thread.Stores.Map(v => Place(v));
        Barrier();
        Threads(thread.Stores.IsEmpty ? stage.Stmts[0].Outs[0] : thread.Stores[thread.Stores.Count - 1], [new Dim(thread.Index, thread.Extent)],
            thread.Body, stores, stage.Title, IsBatch(thread.Extent) ? thread.Index : null);
        for (int k = 0; k < stores.Count; k++) Bind(thread.Stores[k], stores[k]);
    }

    private void Threads(Var like, Seq<Dim> dims, Block body, ArrayPlace place, string title) => Threads(like, dims, body, [place], title, null);

    /// <summary>A thread for each point of the dims, which computes the body and stores its results there.</summary>
    private void Threads(Var like, Seq<Dim> dims, Block body, Seq<ArrayPlace> places, string title, Var? sample)
    {
        var kernel = new GpuKernelWriter(_core, this, MemberName(like), title);
        kernel.Threads(dims, body, places, sample);
        Launch(kernel, Length(new IrType(Scalar.I32, dims.Map(d => d.Extent))).Text);
    }

    /// <summary>One thread that runs the statements; for what has an order.</summary>
    private void OneThread(Var like, Block body, Seq<ArrayPlace> places, string title, params (Var, ArrayPlace)[] writable)
    {
        var kernel = new GpuKernelWriter(_core, this, MemberName(like), title);
        kernel.OneThread(body, places, writable);
        Launch(kernel, "1");
    }

    private void Launch(GpuKernelWriter kernel, string count)
    {
        var fields = kernel.Captured.Select(c => $"{c.Name} = {c.Value}").ToList();
        string args = fields.Count == 0 ? $"new {kernel.ArgsType}()" : $"new {kernel.ArgsType} {{ {string.Join(", ", fields)} }}";
        Out.Line(kernel.HasScratch
            ? $"device.Launch({kernel.Name}, {count}, {args}, static ({kernel.ArgsType} a, GpuScratchMemory memory) => a with {{ memory = memory }});"
            : $"device.Launch({kernel.Name}, {count}, {args});");
    }

    /// <summary>Parts of fixed size, then the parts in order; the host fetches the result.</summary>
    private void Total(Reduce r)
    {
        Barrier();
        string n = Stable(r.Dims[0].Extent).At(Precedence.Unary), type = CSharp.Of(r.Out.Type.Scalar);
        string parts = Names.Fresh("parts"), partial = Names.Fresh(r.Out.Base + "Parts");
        Out.Declare($"int {parts} = (Math.Max({n}, 0) + {Part - 1}) / {Part};");
        Out.Declare($"ArrayView<{type}> {partial} = scope.Rent<{type}>({parts});");
        var kernel = new GpuKernelWriter(_core, this, MemberName(r.Out), "");
        kernel.Part(r, n, Part, partial);
        Launch(kernel, parts);

        var extent = _core.IrNames.Fresh("parts", IrType.I32);
        var array = _core.IrNames.Fresh("parts", new IrType(r.Out.Type.Scalar, [extent]));
        var (p, v, sum) = (_core.IrNames.Fresh("p", IrType.I32), _core.IrNames.Fresh("v", r.Out.Type), _core.IrNames.Fresh(r.Out.Base, r.Out.Type));
        Bind(extent, Expr.Name(parts));
        Bind(array, ArrayPlace.Dense(partial, array.Type, new Memory(false)));
        Scalar1(r.Out, new Reduce(sum, r.Kind, [new Dim(p, extent)], new Block([new Read(v, array, [p])], [v])));
        Arrays.Remove(array);
        Scalars.Remove(extent);
    }

    private void Winner(Reduce r)
    {
        Barrier();
        Scalar1(r.Out, r);
    }

    /// <summary>A scalar that one thread computes, fetched.</summary>
    private void Scalar1(Var result, Reduce reduce)
    {
        string type = CSharp.Of(result.Type.Scalar), view = Names.Fresh(result.Base + "At");
        Out.Declare($"ArrayView<{type}> {view} = scope.Rent<{type}>(1);");
        var kernel = new GpuKernelWriter(_core, this, MemberName(result), "");
        kernel.Scalar(new Block([reduce], [reduce.Out]), view, type);
        Launch(kernel, "1");
        Declare(result, Expr.Name($"device.Read({view}, 0)"));
    }

    /// <summary>In order, hence in one thread, unless the leading index keeps the threads apart.</summary>
    private void Scatter(Scatter s, string title)
    {
        if (s.Dims.Count > 1 && s.Body.Results[0].Equals(s.Dims[0].Index) && s.Extents[0].Equals(s.Dims[0].Extent) && s.Extents.Count > 1)
        {
            var row = _core.IrNames.Fresh(s.Out.Base + "Row", new IrType(s.Out.Type.Scalar, s.Extents.Skip(1).ToSeq()));
            var inner = new Scatter(row, s.Extents.Skip(1).ToSeq(), s.Dims.Skip(1).ToSeq(), s.Body with { Results = s.Body.Results.Skip(1).ToSeq() });
            var place = Place(s.Out);
            Barrier();
            Threads(s.Out, [s.Dims[0]], new Block([inner], [row]), [place], title, IsBatch(s.Dims[0].Extent) ? s.Dims[0].Index : null);
            Bind(s.Out, place);
            return;
        }
        var whole = Place(s.Out);
        Barrier();
        OneThread(s.Out, new Block([s], [s.Out]), [whole], title);
        Bind(s.Out, whole);
    }

    /// <summary>In the old array's memory where nothing reads it any more, else in a copy; a thread an element of the slice.</summary>
    private void Update(Stmt stmt, Var result, Var array, Seq<Atom> index, Atom value)
    {
        Barrier();
        var old = Arrays[array];
        ArrayPlace target;
        if (IsConsumed(array)) target = old;
        else
        {
            target = Place(result);
            Copy(target, old);
        }
        if (value is Var v && value.Type.IsArray)
        {
            var from = Arrays[v];
            if (from.Overlaps(target))
            {
                var aside = Rent(v.Base, v.Type, from.Element);
                Copy(aside, from);
                from = aside;
            }
            var slice = _core.IrNames.Fresh(v.Base, v.Type);
            Bind(slice, from);
            var dims = v.Type.Extents.Map(e => new Dim(_core.IrNames.Fresh("k", IrType.I32), e));
            var rest = new Queue<Atom>(dims.Select(d => (Atom)d.Index));
            var code = new Builder(_core.IrNames);
            var at = index.Map(i => i switch
            {
                All => rest.Dequeue(),
                Window w => code.Compute(OpTable.Add, w.From, w.Extents.Skip(1).Aggregate(rest.Dequeue(),
                    (x, n) => code.Compute(OpTable.Add, code.Compute(OpTable.Mul, x, n, "at"), rest.Dequeue(), "at")), "at"),
                _ => i,
            });
            foreach (var i in index.Atoms().OfType<Var>()) Stable(i);
            var element = _core.IrNames.Fresh("v", v.Type.Element);
            Stmt one = stmt is Write ? new Write(result, array, at, element) : new Accumulate(result, array, at, element);
            var kernel = new GpuKernelWriter(_core, this, MemberName(result), "");
            kernel.Update(dims, new Block([.. code.Stmts, new Read(element, slice, dims.Map(d => (Atom)d.Index)), one], [result]), array, target);
            Launch(kernel, Length(v.Type).Text);
            Arrays.Remove(slice);
        }
        else
        {
            var kernel = new GpuKernelWriter(_core, this, MemberName(result), "");
            if (value is Var scalar) Stable(scalar);
            foreach (var i in index.OfType<Var>()) Stable(i);
            kernel.Update([], new Block([stmt], [result]), array, target);
            Launch(kernel, "1");
        }
        Bind(result, target);
    }
}
