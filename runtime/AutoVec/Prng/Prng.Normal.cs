namespace AutoVec;

// The normal distribution, by the inverse of its distribution function. Polynomials of M. Giles, Approximating the erfinv function (GPU
// Computing Gems, 2012), which XLA has too.
public static partial class Prng
{
    /// <summary>
    /// Normally distributed with mean 0 and variance 1: √2·erf⁻¹(u), u uniform in (−1, 1) with the bits of <see cref="Uniform"/>. Its last
    /// digits are those of the device's logarithm.
    /// </summary>
    /// <inheritdoc cref="Bits"/>
    [Composable]
    public static float Normal(PrngKey key, int index)
    {
        const float least = -0.99999994f;
        return 1.4142135f * ErfInv(MathF.Max(Uniform(key, index) * 2 + least, least));
    }

    /// <summary>Normally distributed with mean 0 and variance 1. <see cref="Normal"/> is the same in float, of other bits.</summary>
    /// <inheritdoc cref="Bits"/>
    [Composable]
    public static double NormalDouble(PrngKey key, int index)
    {
        const double least = -0.99999999999999989;
        return 1.4142135623730951 * ErfInv(Math.Max(UniformDouble(key, index) * 2 + least, least));
    }

    private static float ErfInv(float x)
    {
        float w = -float.LogP1(-x * x), p;
        if (w < 5)
        {
            w -= 2.5f;
            p = 2.81022636e-08f;
            p = p * w + 3.43273939e-07f;
            p = p * w - 3.5233877e-06f;
            p = p * w - 4.39150654e-06f;
            p = p * w + 0.00021858087f;
            p = p * w - 0.00125372503f;
            p = p * w - 0.00417768164f;
            p = p * w + 0.246640727f;
            p = p * w + 1.50140941f;
        }
        else
        {
            w = MathF.Sqrt(w) - 3;
            p = -0.000200214257f;
            p = p * w + 0.000100950558f;
            p = p * w + 0.00134934322f;
            p = p * w - 0.00367342844f;
            p = p * w + 0.00573950773f;
            p = p * w - 0.0076224613f;
            p = p * w + 0.00943887047f;
            p = p * w + 1.00167406f;
            p = p * w + 2.83297682f;
        }
        return p * x;
    }

    private static double ErfInv(double x)
    {
        double w = -double.LogP1(-x * x), p;
        if (w < 6.25)
        {
            w -= 3.125;
            p = -3.6444120640178196996e-21;
            p = p * w - 1.685059138182016589e-19;
            p = p * w + 1.2858480715256400167e-18;
            p = p * w + 1.115787767802518096e-17;
            p = p * w - 1.333171662854620906e-16;
            p = p * w + 2.0972767875968561637e-17;
            p = p * w + 6.6376381343583238325e-15;
            p = p * w - 4.0545662729752068639e-14;
            p = p * w - 8.1519341976054721522e-14;
            p = p * w + 2.6335093153082322977e-12;
            p = p * w - 1.2975133253453532498e-11;
            p = p * w - 5.4154120542946279317e-11;
            p = p * w + 1.051212273321532285e-09;
            p = p * w - 4.1126339803469836976e-09;
            p = p * w - 2.9070369957882005086e-08;
            p = p * w + 4.2347877827932403518e-07;
            p = p * w - 1.3654692000834678645e-06;
            p = p * w - 1.3882523362786468719e-05;
            p = p * w + 0.0001867342080340571352;
            p = p * w - 0.00074070253416626697512;
            p = p * w - 0.0060336708714301490533;
            p = p * w + 0.24015818242558961693;
            p = p * w + 1.6536545626831027356;
        }
        else if (w < 16)
        {
            w = Math.Sqrt(w) - 3.25;
            p = 2.2137376921775787049e-09;
            p = p * w + 9.0756561938885390979e-08;
            p = p * w - 2.7517406297064545428e-07;
            p = p * w + 1.8239629214389227755e-08;
            p = p * w + 1.5027403968909827627e-06;
            p = p * w - 4.013867526981545969e-06;
            p = p * w + 2.9234449089955446044e-06;
            p = p * w + 1.2475304481671778723e-05;
            p = p * w - 4.7318229009055733981e-05;
            p = p * w + 6.8284851459573175448e-05;
            p = p * w + 2.4031110387097893999e-05;
            p = p * w - 0.0003550375203628474796;
            p = p * w + 0.00095328937973738049703;
            p = p * w - 0.0016882755560235047313;
            p = p * w + 0.0024914420961078508066;
            p = p * w - 0.0037512085075692412107;
            p = p * w + 0.005370914553590063617;
            p = p * w + 1.0052589676941592334;
            p = p * w + 3.0838856104922207635;
        }
        else
        {
            w = Math.Sqrt(w) - 5;
            p = -2.7109920616438573243e-11;
            p = p * w - 2.5556418169965252055e-10;
            p = p * w + 1.5076572693500548083e-09;
            p = p * w - 3.7894654401267369937e-09;
            p = p * w + 7.6157012080783393804e-09;
            p = p * w - 1.4960026627149240478e-08;
            p = p * w + 2.9147953450901080826e-08;
            p = p * w - 6.7711997758452339498e-08;
            p = p * w + 2.2900482228026654717e-07;
            p = p * w - 9.9298272942317002539e-07;
            p = p * w + 4.5260625972231537039e-06;
            p = p * w - 1.9681778105531670567e-05;
            p = p * w + 7.5995277030017761139e-05;
            p = p * w - 0.00021503011930044477347;
            p = p * w - 0.00013871931833623122026;
            p = p * w + 1.0103004648645343977;
            p = p * w + 4.8499064014085844221;
        }
        return p * x;
    }
}
