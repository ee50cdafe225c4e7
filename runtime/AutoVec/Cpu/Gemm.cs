using System.Numerics;

namespace AutoVec.Cpu;

internal static unsafe class Gemm
{
    public static void Run<T>(CpuEngine engine, in Contraction<T> contraction) where T : unmanaged, INumber<T>
    {
        if (contraction.Batch <= 0 || contraction.M <= 0 || contraction.N <= 0) return;
        fixed (Contraction<T>* args = &contraction)
            engine.For(&Rows, args, (nint)contraction.Batch * contraction.M, 1);

        static void Rows(void* args, nint from, nint to)
        {
            ref readonly Contraction<T> c = ref *(Contraction<T>*)args;
            T* sums = Scratch.Rent<T>(c.N);
            for (nint at = from; at < to; at++)
            {
                nint batch = at / c.M, row = at % c.M;
                T* a = c.A + (batch * c.AB) + (row * c.AM);
                T* result = c.C + (batch * c.CB) + (row * c.CM);
                for (nint j = 0; j < c.N; j++) sums[j] = c.Accumulate ? result[j] : T.Zero;
                for (nint k = 0; k < c.K; k++)
                {
                    T* b = c.B + (batch * c.BB) + (k * c.BK);
                    for (nint j = 0; j < c.N; j++) sums[j] += a[k * c.AK] * b[j * c.BN];
                }

                if (c.Epilogue != null) c.Epilogue(c.EpilogueArgs, sums, c.N, (int)batch, (int)row, 0, 1, c.N);
                else for (nint j = 0; j < c.N; j++) result[j] = sums[j];
            }
        }
    }
}
