using M3.Adaptive.Model.Imaging;
using SkiaSharp;

namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A shape behind icons and characters.</summary>
public abstract record ShapeMark
{
    internal abstract void Draw(SKCanvas canvas, SKPaint paint);
}

/// <summary>A rectangle with round corners, filled, with an edge where it has a width; turned about its centre.</summary>
public sealed record RectangleMark(Box Box, Rgb Fill, double Radius = 0, Rgb Edge = default, double EdgeWidth = 0, double Turn = 0) : ShapeMark
{
    internal override void Draw(SKCanvas canvas, SKPaint paint)
    {
        var inset = (float)EdgeWidth / 2;                                         // the edge lies inside
        var rectangle = SKRect.Create(Box.X + inset, Box.Y + inset, Box.Width - 2 * inset, Box.Height - 2 * inset);
        canvas.Save();
        canvas.RotateDegrees((float)Turn, Box.X + Box.Width / 2f, Box.Y + Box.Height / 2f);
        paint.Color = Fill.ToSkia();
        canvas.DrawRoundRect(rectangle, (float)Radius, (float)Radius, paint);
        if (EdgeWidth > 0)
        {
            (paint.Style, paint.Color, paint.StrokeWidth) = (SKPaintStyle.Stroke, Edge.ToSkia(), (float)EdgeWidth);
            canvas.DrawRoundRect(rectangle, (float)Radius, (float)Radius, paint);
            paint.Style = SKPaintStyle.Fill;
        }
        canvas.Restore();
    }
}

/// <summary>An ellipse that fills its box.</summary>
public sealed record EllipseMark(Box Box, Rgb Fill) : ShapeMark
{
    internal override void Draw(SKCanvas canvas, SKPaint paint)
    {
        paint.Color = Fill.ToSkia();
        canvas.DrawOval(SKRect.Create(Box.X, Box.Y, Box.Width, Box.Height), paint);
    }
}

/// <summary>A straight line.</summary>
public sealed record LineMark(double FromX, double FromY, double ToX, double ToY, Rgb Color, double Width) : ShapeMark
{
    internal override void Draw(SKCanvas canvas, SKPaint paint)
    {
        (paint.Color, paint.StrokeWidth) = (Color.ToSkia(), (float)Width);
        canvas.DrawLine((float)FromX, (float)FromY, (float)ToX, (float)ToY, paint);
    }
}
