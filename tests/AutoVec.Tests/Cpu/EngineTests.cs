using System.Runtime.InteropServices;
using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

public sealed unsafe class EngineTests
{
    [Theory]
    [InlineData(1, 1, 1), InlineData(1, 1000, 16), InlineData(2, 1, 1), InlineData(2, 1000, 16), InlineData(2, 1001, 7), InlineData(3, 2, 1)]
    [InlineData(4, 64, 16), InlineData(4, 65, 16), InlineData(5, 100_003, 1), InlineData(8, 12, 100)]
    public void EveryElementRunsOnceInRangesThatStartAtMultiplesOfTheGrain(int threads, int count, int grain)
    {
        using var engine = new CpuEngine(threads);
        using var visits = new GuardedMemory<int>(count);
        for (int repeat = 0; repeat < 50; repeat++)
        {
            visits.Span.Clear();
            var job = new Visit(visits.Pointer, grain);
            engine.For(&Visit.Part, &job, count, grain);
            Assert.False(visits.Span.ContainsAnyExcept(1));
            Assert.Equal(0, job.Misaligned);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(300_001)]
    public unsafe void WholeArraysAreCopiedAndFilledByAllThreads(int count)
    {
        using var engine = new CpuEngine(3);
        var from = new double[count + 2];
        var to = new double[count + 2];
        for (int i = 0; i < from.Length; i++) from[i] = i;
        fixed (double* p = from, q = to)
        {
            engine.Move(p + 1, q + 1, count);
            for (int i = 0; i < to.Length; i++) Assert.Equal(i > 0 && i <= count ? i : 0, to[i]);
            engine.Fill(q + 1, count, 7.5);
            for (int i = 0; i < to.Length; i++) Assert.Equal(i > 0 && i <= count ? 7.5 : 0, to[i]);
        }
    }

    [Fact]
    public void NothingToDoRunsNothing()
    {
        using var engine = new CpuEngine(2);
        engine.For(&Throw.Part, null, 0, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.For(&Throw.Part, null, 1, 0));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(4)]
    public void TheExceptionOfTheLowestRangeIsRethrownAndTheEngineGoesOn(int threads)
    {
        using var engine = new CpuEngine(threads);
        for (int repeat = 0; repeat < 200; repeat++)
        {
            IndexOutOfRangeException thrown = Assert.Throws<IndexOutOfRangeException>(() =>
            {
                var job = new Throw { From = 37 };
                engine.For(&Throw.Part, &job, 100, 1);
            });
            Assert.Equal("37", thrown.Message);
            EveryElementRunsOnce(engine, 100);
        }
    }

    [Fact]
    public void ManyJobsWithPausesAmongThemNeitherHangNorSkip()
    {
        using var engine = new CpuEngine(3);
        for (int repeat = 0; repeat < 20_000; repeat++)
        {
            EveryElementRunsOnce(engine, 1 + (repeat % 50));
            if (repeat % 1000 == 0) Thread.Sleep(2);       // long enough for the workers to fall asleep
        }
    }

    [Fact]
    public void EnginesStartAndStop()
    {
        for (int repeat = 0; repeat < 100; repeat++)
        {
            using var engine = new CpuEngine(2 + (repeat % 3));
            EveryElementRunsOnce(engine, 64);
            if (repeat % 10 == 0) Thread.Sleep(1);
        }
    }

    [Fact]
    public void APartThatStartsWorkRunsItAloneOnItsOwnThread()
    {
        using var engine = new CpuEngine(4);
        var job = new Nested { Engine = GCHandle.ToIntPtr(GCHandle.Alloc(engine)) };
        engine.For(&Nested.Part, &job, 1000, 1);
        GCHandle.FromIntPtr(job.Engine).Free();
        Assert.Equal(1000 * 10, job.Sum);
    }

    [Fact]
    public void SeveralCallersTakeTurns()
    {
        using var engine = new CpuEngine(2);
        Parallel.For(0, 8, _ =>
        {
            for (int repeat = 0; repeat < 200; repeat++)
            {
                using Scope scope = engine.Begin();
                int* visits = scope.Rent<int>(100);
                new Span<int>(visits, 100).Clear();
                var job = new Visit(visits, 1);
                engine.For(&Visit.Part, &job, 100, 1);
                Assert.False(new Span<int>(visits, 100).ContainsAnyExcept(1));
            }
        });
    }

    [Fact]
    public void ADisposedEngineSaysSo()
    {
        var engine = new CpuEngine(2);
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.Begin().Dispose());
        Assert.Throws<ObjectDisposedException>(() => engine.For(&Throw.Part, null, 100, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuEngine(0));
    }

    [Fact]
    public void TheSharedEngineSurvivesDispose()
    {
        CpuEngine.Shared.Dispose();
        EveryElementRunsOnce(CpuEngine.Shared, 100);
    }

    [Fact]
    public void AViolationNamesAllThatIsKnown()
    {
        string message = Violation.Index("Loss", "table", 12, 10, 3).Message;
        Assert.Equal("Loss: index 12 is outside 'table', whose length there is 10 (sample 3 of the batch).", message);
        Assert.Equal("Loss: index -1 is outside 'table', whose length there is 10.", Violation.Index("Loss", "table", -1, 10, -1).Message);
    }

    internal static void EveryElementRunsOnce(CpuEngine engine, int count)
    {
        int* visits = stackalloc int[count];
        new Span<int>(visits, count).Clear();
        var job = new Visit(visits, 1);
        engine.For(&Visit.Part, &job, count, 1);
        Assert.False(new Span<int>(visits, count).ContainsAnyExcept(1));
    }

    private struct Visit(int* visits, nint grain)
    {
        public int Misaligned;
        private readonly int* visits = visits;
        private readonly nint grain = grain;

        public static void Part(void* args, nint from, nint to)
        {
            var job = (Visit*)args;
            if (from % job->grain != 0) Interlocked.Increment(ref job->Misaligned);
            for (nint i = from; i < to; i++) Interlocked.Increment(ref job->visits[i]);
        }
    }

    private struct Throw
    {
        public nint From;

        public static void Part(void* args, nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                Scratch.Rent<int>(10);
                if (i >= ((Throw*)args)->From) throw new IndexOutOfRangeException($"{i}");
            }
        }
    }

    private struct Nested
    {
        public nint Engine;
        public long Sum;

        public static void Part(void* args, nint from, nint to)
        {
            var job = (Nested*)args;
            var engine = (CpuEngine)GCHandle.FromIntPtr(job->Engine).Target!;
            for (nint i = from; i < to; i++)
            {
                using Scope scope = engine.Begin();
                int* visits = scope.Rent<int>(10);
                new Span<int>(visits, 10).Clear();
                var inner = new Visit(visits, 1);
                engine.For(&Visit.Part, &inner, 10, 1);
                for (int j = 0; j < 10; j++) Interlocked.Add(ref job->Sum, visits[j]);
            }
        }
    }
}
