namespace AutoVec.Tests.Random;

internal sealed partial class Maker
{
    /// <summary>For each of n numbers a loop over its bits, which does nothing where one is 0, or counts; with a sign that turns, and perhaps an array that is written.</summary>
    private void Bits(List<Step> steps)
    {
        var (total, sign, count, k, j) = (Fresh("s"), Fresh("s"), Fresh("s"), Fresh("i"), Fresh("i"));
        Int bit = new IntVar(j), word = new IntBin("*", new IntBin("+", new IntVar(k), new IntConst(_forms.Next(3))), new IntConst(_forms.Next(2) == 0 ? 1 : -715827883));
        Int width = _forms.Next(2) == 0 ? new Length("x", 0) : new IntConst(_forms.Next(40));
        if (_forms.Next(3) == 0) bit = new IntBin("-", width, new IntBin("+", bit, new IntConst(1)));
        Int set = _forms.Next(2) == 0 ? new IntBin("&", new IntBin(">>", word, bit), new IntConst(1)) : new IntBin("&", word, new IntBin("<<", new IntConst(1), bit));
        Int place = new IntBin("%", new IntVar(j), new Length("x", 0));
        Expr element = new Elem("x", [place]);
        List<Step> taken = [
            new Assign(total, new Bin("+", new Local(total), new Bin("*", new Local(sign), element))),
            new Assign(sign, _forms.Next(2) == 0 ? new Bin("*", new Local(sign), new Num(-1)) : new Bin("-", new Num(0), new Local(sign))),
        ];
        steps.Add(new Declare(total, new Num(0.25)));
        if (_forms.Next(2) == 0)
        {
            string array = Fresh("h");
            steps.Add(new NewArray(array, [new Length("x", 0)]));
            taken.Insert(1, new Store(array, [place], new Fn("Sin", new Bin("+", new Elem(array, [place]), new Bin("*", element, new Elem("y", [place]))))));
            _arrays.Add((array, 1, true));
        }
        Step[] each = _forms.Next(3) == 0 ? [new Branch(new IntCompare("==", set, new IntConst(0)), [new Assign(count, new Bin("+", new Local(count), new Num(0)))], [.. taken])]
            : [new Branch(new IntCompare("!=", set, new IntConst(0)), [.. taken], [])];
        steps.Add(new Loop(k, new Length("y", 0), [
            new Declare(sign, new Num(1)), new Declare(count, new Num(0)),
            new Loop(j, width, each, null),
            new Assign(total, new Fn("Tanh", new Bin("+", new Local(total), new Bin("*", new Local(sign), new Elem("y", [new IntVar(k)])))))], null));
        _scalars.Add(total);
    }
}
