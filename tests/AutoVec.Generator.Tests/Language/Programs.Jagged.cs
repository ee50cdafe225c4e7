namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    private const string Jagged = """
        static double Total(double[][] a) { double s = 0; foreach (var row in a) foreach (double v in row) s = 0.5 * s + v; return s; }
        static double DotRow(double[] u, double[] v) { double s = 0; for (int i = 0; i < u.Length; i++) s += u[i] * v[i]; return s; }
        static double[] Scaled(double[] u, double k) { var v = new double[u.Length]; for (int i = 0; i < v.Length; i++) v[i] = k * u[i]; return v; }
        static double[][] Eye(int n) { var a = new double[n][]; for (int i = 0; i < n; i++) { a[i] = new double[n]; a[i][i] = 1; } return a; }
        static void Fill(double[][] a, double x) { for (int i = 0; i < a.Length; i++) for (int j = 0; j < a[i].Length; j++) a[i][j] = x * (i + 1) + j; }
        static (double[][] L, double[][] U) Lu(double[] x)
        {
            int n = x.Length; var l = Eye(n); var u = new double[n][];
            for (int i = 0; i < n; i++) { u[i] = new double[n]; for (int j = 0; j < n; j++) u[i][j] = x[j] * x[i] + (i == j ? 3 : 0.25 * i); }
            for (int k = 0; k < n; k++) for (int i = k + 1; i < n; i++) { l[i][k] = u[i][k] / u[k][k]; for (int j = k; j < n; j++) u[i][j] -= l[i][k] * u[k][j]; }
            return (l, u);
        }
        public struct Grid { public double[][] Cells; public double H; }

        [V] public static double RowsFilled(double[] x) { var a = new double[3][]; for (int i = 0; i < a.Length; i++) a[i] = new double[x.Length]; for (int i = 0; i < 3; i++) for (int j = 0; j < x.Length; j++) a[i][j] = x[j] * (i + 1); return Total(a) + a.Length; }
        [V] public static double RowsFilledAndSet(double[] x, double y) { int n = x.Length; var a = new double[n][]; for (int i = 0; i < n; i++) { a[i] = new double[4]; for (int j = 0; j < 4; j++) a[i][j] = x[i] * j + y; } double s = 0; for (int i = 0; i < a.Length; i++) for (int j = 0; j < a[i].Length; j++) s += a[i][j] * a[i][3 - j]; return s; }
        [V] public static double RowFirst(double[] x) { var a = new double[2][]; for (int i = 0; i < 2; i++) { var row = new double[x.Length]; a[i] = row; for (int j = 0; j < row.Length; j++) row[j] = x[j] + i; } return DotRow(a[0], a[1]); }
        [V] public static double RowLast(double[] x) { var a = new double[2][]; for (int i = 0; i < 2; i++) { var row = new double[x.Length]; for (int j = 0; j < row.Length; j++) row[j] = x[j] * x[j] + i; a[i] = row; row[0] += 1; } return DotRow(a[0], a[1]); }
        [V] public static double RowFromCall(double[] x, double y) { var a = new double[3][]; for (int i = 0; i < 3; i++) a[i] = Scaled(x, y + i); return Total(a); }
        [V] public static double RowFromClone(double[] x) { var a = new double[2][]; a[0] = (double[])x.Clone(); a[1] = x.AsSpan().ToArray(); a[1][0] = 7; return DotRow(a[0], a[1]); }
        [V] public static double Literal(double x, double y) { double[][] a = { new[] { x, y }, new[] { y, 1, x * y } }; return a[0][1] * a[1][2] + a[1].Length + a[0].Length; }
        [V] public static double LiteralEqual(double x, double y) { var a = new[] { new[] { x, y }, new[] { y, 1 } }; a[1][1] += a[0][0]; return a[0][1] * a[1][1] - a[0][0] * a[1][0]; }
        [V] public static double LiteralCollection(double x, double y) { double[][] a = [[x, y, 1], [y], []]; double s = 0; foreach (var row in a) s += row.Length + (row.Length > 0 ? row[^1] : 2); return s; }
        [V] public static double Triangle(double[] x) { int n = x.Length; var a = new double[n][]; for (int i = 0; i < n; i++) a[i] = new double[i + 1]; for (int i = 0; i < n; i++) for (int j = 0; j < a[i].Length; j++) a[i][j] = x[i] * x[j]; return Total(a); }
        [V] public static double TriangleBeyond(double[] x, int k) { int n = x.Length; var a = new double[n][]; for (int i = 0; i < n; i++) { a[i] = new double[i + 1]; a[i][i] = x[i]; } return a[0][k & 3] + a[n - 1][n - 1]; }
        [V] public static double Pascal(double x, int n) { n &= 7; var a = new double[n + 1][]; for (int i = 0; i <= n; i++) { a[i] = new double[i + 1]; a[i][0] = x; a[i][i] = 1; for (int j = 1; j < i; j++) a[i][j] = a[i - 1][j - 1] + a[i - 1][j]; } return a[n][n / 2] + (n > 2 ? a[n - 1][1] : 0); }
        [V] public static double PascalSquare(double x, double[] y) { int n = y.Length; var a = new double[n][]; for (int i = 0; i < n; i++) { a[i] = new double[n]; for (int j = 0; j < n; j++) a[i][j] = i == 0 || j == 0 ? x * y[j] : a[i - 1][j] + 0.5 * a[i][j - 1]; } return a[n - 1][n - 1]; }
        [V] public static double Steps(double[] x, double y) { var a = new double[4][]; a[0] = new double[2]; a[1] = new double[5]; a[2] = new[] { y, 2 }; a[3] = new double[0]; a[1][4] = x[0]; a[0][1] = y; double s = 0; for (int i = 0; i < 4; i++) for (int j = 0; j < a[i].Length; j++) s = 0.9 * s + a[i][j]; return s; }
        [V] public static double Pivots(double[] x)
        {
            int n = 3; var a = new double[n][]; for (int i = 0; i < n; i++) { a[i] = new double[n]; for (int j = 0; j < n; j++) a[i][j] = i == j ? 0.1 : x[0] * (i + 2) - j * 0.7 + i * j; }
            double det = 1;
            for (int k = 0; k < n; k++)
            {
                int p = k; for (int i = k + 1; i < n; i++) if (Math.Abs(a[i][k]) > Math.Abs(a[p][k])) p = i;
                if (p != k) { (a[p], a[k]) = (a[k], a[p]); det = -det; }
                det *= a[k][k];
                for (int i = k + 1; i < n; i++) { double f = a[i][k] / a[k][k]; for (int j = k; j < n; j++) a[i][j] -= f * a[k][j]; }
            }
            return det;
        }
        [V] public static double ExchangeInSteps(double x, int k) { double[][] a = [[x, 1], [2, 3, 4], [5]]; int i = k & 1; var t = a[i]; a[i] = a[2]; a[2] = t; t[0] += x; return a[0].Length * 100 + a[2].Length * 10 + a[2][0] + a[i][0]; }
        [V] public static double ExchangeAndNames(double x, int k) { double[][] a = [[x, 1], [2, x * x], [5, 6]]; var first = a[0]; int i = k & 1; (a[i], a[2]) = (a[2], a[i]); first[1] += 3 * x; return a[0][1] + 10 * a[1][1] + 100 * a[2][1] + first[0]; }
        [V] public static double RowNames(double[] x, double y) { var a = new double[2][]; a[0] = new double[3]; a[1] = new double[3]; var u = a[0]; var v = a[1]; u[1] = x[0]; v[2] = y; a[0][2] = u[1] * 2; u = v; u[0] = 5; return a[1][0] * a[0][2] + a[1][2] + v[0]; }
        [V] public static double RowOutside(double[] x) { var row = new double[2]; row[0] = x[0]; var a = new double[2][]; a[0] = row; a[1] = new double[2]; row[1] = 3; a[0][0] += 1; return row[0] * a[0][1] + a[1][0]; }
        [V] public static double PreviousRow(double[] x) { int n = x.Length; var a = new double[n][]; for (int i = 0; i < n; i++) { a[i] = new double[3]; a[i][1] = x[i]; } var before = a[0]; for (int i = 1; i < n; i++) { var now = a[i]; for (int j = 0; j < 3; j++) now[j] += 0.5 * before[j]; before = now; } return before[1] + a[0][1]; }
        [V] public static double EditDistance(double[] x, double[] y)
        {
            int n = x.Length, m = y.Length; var d = new double[n + 1][]; for (int i = 0; i <= n; i++) d[i] = new double[m + 1];
            for (int i = 1; i <= n; i++) d[i][0] = i; for (int j = 1; j <= m; j++) d[0][j] = j;
            for (int i = 1; i <= n; i++) for (int j = 1; j <= m; j++) d[i][j] = Math.Min(d[i - 1][j - 1] + (x[i - 1] - y[j - 1]) * (x[i - 1] - y[j - 1]), Math.Min(d[i - 1][j], d[i][j - 1]) + 1);
            return d[n][m];
        }
        [V] public static int TableOfInts(int n, int m) { n &= 7; m &= 3; var t = new int[n + 1][]; for (int i = 0; i < t.Length; i++) { t[i] = new int[m + 1]; for (int j = 0; j < t[i].Length; j++) t[i][j] = i == 0 || j == 0 ? 1 : t[i - 1][j] + t[i][j - 1]; } return t[n][m] + t[n].Length; }
        [V] public static double TwoGrids(double[] x, int steps)
        {
            int n = x.Length; var a = new double[n][]; var b = new double[n][]; for (int i = 0; i < n; i++) { a[i] = new double[n]; b[i] = new double[n]; for (int j = 0; j < n; j++) a[i][j] = x[i] - x[j] * 0.5; }
            for (int t = 0; t < (steps & 3); t++) { for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) b[i][j] = 0.5 * a[i][j] + 0.25 * a[(i + 1) % n][j] + 0.25 * a[i][(j + 1) % n]; (a, b) = (b, a); }
            return Total(a);
        }
        [V] public static double Decomposed(double[] x) { var (l, u) = Lu(x); return l[x.Length - 1][0] + u[x.Length - 1][x.Length - 1]; }
        [V] public static double InStruct(double[] x, double y) { Grid g; g.Cells = new double[2][]; g.H = y; for (int i = 0; i < 2; i++) { g.Cells[i] = new double[x.Length]; for (int j = 0; j < x.Length; j++) g.Cells[i][j] = x[j] * g.H; } var h = g; h.Cells[0][0] = 5; return Total(g.Cells) + h.H; }
        [V] public static double FilledByCall(double[] x, double y) { var a = Eye(x.Length); Fill(a, y); a[0][0] = x[0]; return Total(a); }
        [V] public static double SliceOfRow(double[] x) { var a = new[] { (double[])x.Clone(), Scaled(x, 2) }; var s = a[1][1..]; s = (double[])s.Clone(); a[1][0] = 9; var t = a[0].AsSpan(0, 1); t[0] = 4; return DotRow(s, s) + a[0][0] * a[1][0]; }
        [V] public static double CopiesOfRows(double[] x) { var a = new[] { Scaled(x, 1), Scaled(x, 2), new double[x.Length] }; Array.Copy(a[0], a[2], x.Length); Array.Clear(a[1]); a[2][0] += 1; Array.Fill(a[0], 3.0); return Total(a); }
        [V] public static double NpOfRows(double[] x) { var a = new[] { Scaled(x, 1), Scaled(x, 2) }; return Np.Dot(a[0], a[1]) + Np.Sum(a[1]); }
        [V] public static double Moments(double[] x) { var m = new double[3][]; for (int k = 0; k < 3; k++) { m[k] = new double[2]; foreach (double v in x) { m[k][0] += Math.Sin(v * k); m[k][1] += v; } } return m[1][0] * m[2][1]; }
        [V] public static double RowsOfParameters(double[] x, double y) { double[][] a = [x, Scaled(x, y)]; return DotRow(a[0], a[1]) + a[0].Length; }
        [V] public static double ChosenRow(double[] x, bool p) { double[][] a = [Scaled(x, 1), Scaled(x, 3)]; var r = p ? a[0] : a[1]; r[0] += 2; return a[0][0] + 10 * a[1][0] + r[0]; }
        [V] public static double NullRows(double[] x, int k) { var a = new double[4][]; for (int i = 0; i < 4; i++) if (i != (k & 3)) a[i] = new double[x.Length]; double s = 0; for (int i = 0; i < a.Length; i++) { if (a[i] == null) { s += 100; continue; } a[i][0] = x[0] * i; s += a[i][0]; } return s; }
        [V] public static double BranchRows(double[] x) { int n = x.Length; var a = new double[n][]; for (int i = 0; i < n; i++) { if (i == 0) a[i] = new double[1]; else a[i] = new double[2 * i]; a[i][0] = x[i]; } double s = 0; for (int i = 0; i < n; i++) s += a[i][0] * a[i].Length; return s; }
        [V] public static double ReplacedRows(double[] x, double y) { var a = new double[2][]; for (int i = 0; i < 2; i++) a[i] = Scaled(x, y); double s = a[1][0]; a[1] = new double[x.Length + 1]; a[1][x.Length] = 3 * y; s += a[1][0] + a[1][x.Length] + a[1].Length; for (int i = 0; i < 2; i++) a[i] = new double[2]; return s + a[0][0] + a[0].Length; }
        [V] public static double Search(double[] x, double y) { double[][] a = [Scaled(x, 1), Scaled(x, 2)]; foreach (var row in a) foreach (double v in row) if (v > y) return v * 2; return y; }
        [V] public static double LoopOfRowStores(double[] x, int n) { var a = new double[2][]; a[0] = new double[2]; a[1] = new double[2]; for (int t = 0; t < (n & 3); t++) { var next = new double[2]; next[0] = a[(t + 1) % 2][0] + x[0]; next[1] = t; a[t % 2] = next; } return a[0][0] + a[1][0] * 3 + a[1][1]; }
        [V] public static double WhileRows(double[] x) { var a = new double[x.Length][]; int i = 0; while (i < a.Length) { a[i] = new double[2]; a[i][1] = x[i]; i++; } double s = 0; for (int k = 0; k < a.Length; k++) s += a[k][1] * (k + 1); return s; }
        [V] public static double ExchangeInFill(double[] x, double y) { double[][] a = [new double[1], new double[2], new double[3], new double[4]]; for (int i = 0; i < a.Length; i++) { a[i] = new double[2]; a[i][1] = y + i; int j = (i + 1) % 4; (a[i], a[j]) = (a[j], a[i]); } return a[0].Length + 10 * a[1].Length + 100 * a[2].Length + 1000 * a[3].Length + a[0][1] + x[0]; }
        [V] public static double ExchangeWithNone(double[] x) { var a = new double[4][]; for (int i = 0; i < 4; i++) { a[i] = new double[2]; a[i][0] += x[0] + i; if (i < 3) (a[i], a[i + 1]) = (a[i + 1], a[i]); } return a[3][0] + (a[0] == null ? 5 : 6); }
        [V] public static double[] RowResult(double[] x, double y) { var a = new[] { Scaled(x, y), Scaled(x, 2) }; a[0][0] += 1; return a[0]; }
        [V] public static double[,] AsMatrix(double[] x) { var a = new double[2][]; for (int i = 0; i < 2; i++) a[i] = Scaled(x, i + 1); var m = new double[2, x.Length]; for (int i = 0; i < 2; i++) for (int j = 0; j < x.Length; j++) m[i, j] = a[i][j]; return m; }
        """;
}
