namespace AutoVec.Compiler.Ops;
public static class OpTable { public static Op Add=null!,Mul=null!,Max=null!,Min=null!,Gt=null!,Lt=null!; public static Op? ByName(string n)=>null; public static Op? ByInfix(string n)=>null; }
