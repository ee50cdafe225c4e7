namespace AutoVec.Data;

/// <summary>
/// Random numbers of SplitMix64 (Steele, Lea, Flood 2014): the same on every platform and version, which System.Random does
/// not promise.
/// </summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>Uniform in [0, bound), by Lemire's multiplication; the bias is below 2⁻³² for bounds of int.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);
}
