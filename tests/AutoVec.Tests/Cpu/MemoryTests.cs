using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

public sealed unsafe class MemoryTests
{
    [Fact]
    public void RentedArraysAreAlignedAndDisjoint()
    {
        using var engine = new CpuEngine(1);
        using Scope scope = engine.Begin();
        var random = new Random(1);
        var rented = new List<(nint From, nint To)>();
        for (int i = 0; i < 300; i++)
        {
            int count = i % 7 == 0 ? 0 : random.Next(1, i % 50 == 49 ? 3_000_000 : 5000);
            double* array = scope.Rent<double>(count);
            Assert.Equal(0, (nint)array % 64);
            new Span<double>(array, count).Fill(i);
            rented.Add(((nint)array, (nint)(array + count)));
        }

        rented.Sort();
        for (int i = 1; i < rented.Count; i++) Assert.True(rented[i - 1].To <= rented[i].From);
    }

    [Fact]
    public void AnInnerScopeReturnsOnlyWhatItRented()
    {
        using var engine = new CpuEngine(1);
        using Scope outer = engine.Begin();
        int* kept = outer.Rent<int>(1000);
        new Span<int>(kept, 1000).Fill(7);
        nint first = 0;
        for (int i = 0; i < 10; i++)
        {
            using Scope inner = engine.Begin();
            int* again = inner.Rent<int>(10_000);
            if (i == 0) first = (nint)again;
            Assert.Equal(first, (nint)again);
            new Span<int>(again, 10_000).Fill(i);
        }

        Assert.False(new Span<int>(kept, 1000).ContainsAnyExcept(7));
    }

    [Fact]
    public void ARepeatedStepAllocatesNothing()
    {
        using var engine = new CpuEngine(2);
        for (int i = 0; i < 3; i++) Step(engine);
        (nint first, nint last) = Step(engine);
        long own = GC.GetAllocatedBytesForCurrentThread();
        bool moved = false;
        for (int i = 0; i < 100; i++) moved |= Step(engine) != (first, last);

        Assert.False(moved);
        Assert.Equal(own, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ASizeThatCannotBeIsRefused()
    {
        using var engine = new CpuEngine(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => { using Scope scope = engine.Begin(); scope.Rent<int>(-1); });
        Assert.Throws<OverflowException>(() => { using Scope scope = engine.Begin(); scope.Rent<int>(nint.MaxValue / 2); });
        Assert.Throws<ArgumentOutOfRangeException>(() => (nint)Scratch.Rent<int>(-1));
    }

    [Fact]
    public void ScratchIsAStack()
    {
        ArenaMark empty = Scratch.Mark();
        float* a = Scratch.Rent<float>(10);
        ArenaMark mark = Scratch.Mark();
        float* b = Scratch.Rent<float>(5_000_000);
        b[0] = b[4_999_999] = 1;
        Scratch.Release(mark);
        a[0] = 2;
        float* c = Scratch.Rent<float>(10);
        Assert.True(a + 10 <= c);
        Assert.Equal(2, a[0]);
        Scratch.Release(empty);
    }

    [Fact]
    public void AnEmptyArrayHasAnAddressToo()
    {
        using var engine = new CpuEngine(1);
        using Scope scope = engine.Begin();
        Assert.True(scope.Rent<float>(0) != null);
    }

    [Fact]
    public void BlocksThatWereLeftAreEnteredAgain()
    {
        ArenaMark empty = Scratch.Mark();
        for (int round = 0; round < 3; round++)
        {
            double* first = Scratch.Rent<double>(100);
            first[99] = round;
            ArenaMark mark = Scratch.Mark();
            for (int k = 0; k < 4; k++)
            {
                double* large = Scratch.Rent<double>(300_000 << round);
                large[0] = large[(300_000 << round) - 1] = -1;
                double* small = Scratch.Rent<double>(10);
                small[9] = -2;
                if (k % 2 == 1) Scratch.Release(mark);
            }
            Assert.Equal(round, first[99]);
            Scratch.Release(empty);
        }
    }

    private static (nint First, nint Last) Step(CpuEngine engine)
    {
        using Scope scope = engine.Begin();
        float* first = scope.Rent<float>(300_000);
        float* middle = scope.Rent<float>(2_000_000);
        float* last = scope.Rent<float>(700_000);
        void** args = stackalloc void*[1];
        args[0] = middle;
        engine.For(&Part, args, 2_000_000, 1024);
        return ((nint)first, (nint)last);
    }

    private static void Part(void* args, nint from, nint to)
    {
        var array = *(float**)args;
        ArenaMark mark = Scratch.Mark();
        float* own = Scratch.Rent<float>(1024);
        for (nint i = from; i < to; i++) array[i] = own[i % 1024] = 1;
        Scratch.Release(mark);
    }
}
