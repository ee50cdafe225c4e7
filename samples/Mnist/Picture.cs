using System.Text;

namespace AutoVec.Samples.Mnist;

/// <summary>Draws test digits and what the network says of them, in characters.</summary>
public static class Picture
{
    private const string Shades = " ░▒▓█";

    /// <summary>The images side by side, each under its label and the network's answer.</summary>
    public static string Draw(Images images, IReadOnlyList<int> which, ReadOnlySpan<int> answers)
    {
        int side = (int)Math.Sqrt(images.PixelCount);
        if (side * side != images.PixelCount) return "";
        var text = new StringBuilder();
        for (int y = 2; y < side - 2; y += 2)
        {
            foreach (int k in which)
            {
                for (int x = 4; x < side - 4; x++) text.Append(Shades[Shade(images[k], side, x, y)]);
                text.Append(' ');
            }
            text.Append('\n');
        }
        foreach (int k in which)
        {
            string said = answers[k] == images.Labels[k] ? $"{answers[k]}" : $"{answers[k]}, is {images.Labels[k]}";
            text.Append(said.PadLeft((side - 8 + said.Length) / 2).PadRight(side - 7));
        }
        return text.Append('\n').ToString();
    }

    /// <summary>A character is twice as high as wide, hence two pixels.</summary>
    private static int Shade(ReadOnlySpan<byte> image, int side, int x, int y) =>
        (image[y * side + x] + image[(y + 1) * side + x]) * (Shades.Length - 1) / 510;
}
