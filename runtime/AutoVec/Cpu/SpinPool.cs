using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>Threads that wait for ranges of work, spinning at first and asleep when nothing comes.</summary>
/// <remarks>
/// <see cref="state"/> holds the job's number, whether it is closed, and how many workers are in it. A worker joins only while the job
/// is open, and the caller waits only for workers that joined: one that is asleep, or has no core, delays nobody, because the caller
/// takes over its ranges. Jobs come from one caller at a time.
/// </remarks>
internal sealed unsafe class SpinPool : IDisposable
{
    private const long NextJob = 1L << 32, Closed = 1L << 31, Workers = Closed - 1;
    private const int PiecesPerThread = 4;
    private const int LineOfInts = 32;      // two cache lines: neighbours are prefetched in pairs
    private static readonly long SpinTicks = Stopwatch.Frequency / 5000;

    [ThreadStatic] private static bool inside;

    private readonly Thread[] threads;
    private readonly Lock failing = new();
    private readonly object bed = new();
    private readonly int[] cursors;
    private long state = Closed;
    private int sleepers;
    private volatile bool stopping;

    private delegate*<void*, nint, nint, void> part;
    private void* args;
    private nint count, grain, units;
    private int owners, piecesPerOwner;
    private int failedPiece;
    private ExceptionDispatchInfo? failure;

    public SpinPool(int workers)
    {
        cursors = new int[(workers + 2) * LineOfInts];
        threads = new Thread[workers];
        long seen = state;      // before the threads start: a job that is opened while they come up is a new one to them
        for (int i = 0; i < workers; i++)
        {
            int me = i + 1;
            threads[i] = new Thread(() => Work(me, seen)) { IsBackground = true, Name = $"AutoVec {me}" };
            threads[i].Start();
        }
    }

    /// <summary>Whether this thread runs a part now. Whatever it starts then runs on it alone.</summary>
    public static bool Inside => inside;

    public static void Inline(delegate*<void*, nint, nint, void> part, void* args, nint count)
    {
        ArenaMark mark = Scratch.Mark();
        try
        {
            part(args, 0, count);
        }
        finally
        {
            Scratch.Release(mark);
        }
    }

    public void Run(delegate*<void*, nint, nint, void> part, void* args, nint count, nint grain)
    {
        this.part = part;
        this.args = args;
        this.count = count;
        this.grain = grain;
        units = ((count - 1) / grain) + 1;
        owners = (int)Math.Min(units, threads.Length + 1);
        piecesPerOwner = (int)Math.Min(units / owners, PiecesPerThread);
        for (int owner = 0; owner < owners; owner++) Cursor(owner) = 0;
        (failedPiece, failure) = (int.MaxValue, null);

        // A full fence: either a worker on its way to bed sees the job, or it is seen here among the sleepers.
        Interlocked.Exchange(ref state, (state & -NextJob) + NextJob);
        if (Volatile.Read(ref sleepers) != 0) Wake();

        inside = true;
        Share(0);
        inside = false;

        Interlocked.Or(ref state, Closed);
        for (int spins = 1; (Volatile.Read(ref state) & Workers) != 0; spins++)
        {
            if (spins % 4096 == 0) Thread.Yield();
            else Pause();
        }

        failure?.Throw();
    }

    public void Dispose()
    {
        stopping = true;
        Interlocked.Add(ref state, NextJob);
        Wake();
        foreach (Thread thread in threads) thread.Join();
    }

    private void Work(int me, long seen)
    {
        inside = true;
        while (true)
        {
            long now = Await(seen);
            if (stopping) return;
            seen = now & -NextJob;
            while ((now & Closed) == 0 && (now & -NextJob) == seen)
            {
                long before = Interlocked.CompareExchange(ref state, now + 1, now);
                if (before == now)
                {
                    Share(me);
                    Interlocked.Decrement(ref state);
                    break;
                }

                now = before;
            }
        }
    }

    private long Await(long seen)
    {
        long start = 0;
        for (int spins = 1; ; spins++)
        {
            long now = Volatile.Read(ref state);
            if ((now & -NextJob) != (seen & -NextJob)) return now;
            Pause();
            if (spins % 64 != 0) continue;

            long time = Stopwatch.GetTimestamp();
            if (start == 0) start = time;
            else if (time - start > SpinTicks) Sleep(seen);
        }
    }

    private void Sleep(long seen)
    {
        lock (bed)
        {
            Interlocked.Increment(ref sleepers);
            while ((Volatile.Read(ref state) & -NextJob) == (seen & -NextJob)) Monitor.Wait(bed);
            sleepers--;
        }
    }

    private void Wake()
    {
        lock (bed) Monitor.PulseAll(bed);
    }

    // Each owner's pieces are neighbours, so that the same rows meet the same core's cache in every stage; who is done helps the others.
    private void Share(int me)
    {
        if (me >= owners) return;
        ArenaMark mark = Scratch.Mark();
        for (int i = 0; i < owners; i++)
        {
            int owner = (me + i) % owners;
            while (Volatile.Read(ref Cursor(owner)) < piecesPerOwner)
            {
                int taken = Interlocked.Increment(ref Cursor(owner)) - 1;
                if (taken < piecesPerOwner) Piece((owner * piecesPerOwner) + taken, mark);
            }
        }
    }

    private void Piece(int piece, ArenaMark mark)
    {
        if (piece > Volatile.Read(ref failedPiece)) return;     // the exception that counts comes from an earlier element
        Int128 pieces = owners * piecesPerOwner;
        nint from = (nint)(units * (Int128)piece / pieces) * grain;
        nint to = (nint)(units * (Int128)(piece + 1) / pieces);
        to = to == units ? count : to * grain;
        try
        {
            part(args, from, to);
        }
        catch (Exception exception)
        {
            lock (failing)
            {
                if (piece < failedPiece) (failedPiece, failure) = (piece, ExceptionDispatchInfo.Capture(exception));
            }
        }
        finally
        {
            Scratch.Release(mark);
        }
    }

    private ref int Cursor(int owner) => ref cursors[(owner + 1) * LineOfInts];

    private static void Pause()
    {
        if (X86Base.IsSupported) X86Base.Pause();
        else if (ArmBase.IsSupported) ArmBase.Yield();
        else Thread.SpinWait(1);
    }
}
