namespace AutoVec.Compiler.Transforms;

/// <summary>The method asks for what a transformation cannot give; the message names the method and the way out. It becomes a diagnostic.</summary>
public class UnsupportedException(string message) : Exception(message);
