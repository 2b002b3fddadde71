package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.internal.Sizes;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PoolShape;

/**
 * The window that a convolution or a pooling slides over its input, in elements.
 *
 * @param r rows of taps; 1 for signals
 * @param s columns of taps
 * @param strideH rows from one output to the next
 * @param strideW columns from one output to the next
 * @param padTop rows of padding above
 * @param padLeft columns of padding left
 * @param padBottom rows of padding below
 * @param padRight columns of padding right
 * @param same whether the padding is chosen so that the output has {@code ceil(input / stride)} elements, what is odd of it below and
 *     right; the four paddings are 0 then
 * @param dilationH rows from one tap to the next
 * @param dilationW columns from one tap to the next
 */
public record Window(int r, int s, int strideH, int strideW, int padTop, int padLeft, int padBottom, int padRight, boolean same,
                     int dilationH, int dilationW) {

    /** Checks every size. */
    public Window {
        Checks.atLeast(r, 1, "r");
        Checks.atLeast(s, 1, "s");
        Checks.atLeast(strideH, 1, "strideH");
        Checks.atLeast(strideW, 1, "strideW");
        Checks.atLeast(padTop, 0, "padTop");
        Checks.atLeast(padLeft, 0, "padLeft");
        Checks.atLeast(padBottom, 0, "padBottom");
        Checks.atLeast(padRight, 0, "padRight");
        Checks.atLeast(dilationH, 1, "dilationH");
        Checks.atLeast(dilationW, 1, "dilationW");
        if (same && (padTop | padLeft | padBottom | padRight) != 0) {
            throw new IllegalArgumentException("padding is same and " + padTop + ", " + padLeft + ", " + padBottom + ", " + padRight
                    + " (top, left, bottom, right): choose one");
        }
    }

    /** {@code r x s} taps, stride 1, no padding. */
    public static Window of(int r, int s) {
        return new Window(r, s, 1, 1, 0, 0, 0, 0, false, 1, 1);
    }

    /** The same with other strides. */
    public Window withStride(int strideH, int strideW) {
        return new Window(r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, same, dilationH, dilationW);
    }

    /** The same with explicit padding. */
    public Window withPadding(int padTop, int padLeft, int padBottom, int padRight) {
        return new Window(r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, false, dilationH, dilationW);
    }

    /** The same with padding that keeps the size, up to the stride. */
    public Window withSamePadding() {
        return new Window(r, s, strideH, strideW, 0, 0, 0, 0, true, dilationH, dilationW);
    }

    /** The same with other dilations. */
    public Window withDilation(int dilationH, int dilationW) {
        return new Window(r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, same, dilationH, dilationW);
    }

    /** The same with explicit padding where it was {@code same}, for inputs of these sizes. */
    Window over(Area in) {
        if (!same) {
            return this;
        }
        int padH = Sizes.samePadding(in.h(), r, dilationH, strideH);
        int padW = Sizes.samePadding(in.w(), s, dilationW, strideW);
        return withPadding(padH / 2, padW / 2, padH - padH / 2, padW - padW / 2);
    }

    /** The sizes of a convolution with this window over {@code n} examples. */
    ConvShape convolution(int n, Shape in, int k, int groups) {
        Area area = Area.of(in);
        Window over = over(area);
        return new ConvShape(n, area.h(), area.w(), area.c(), k, r, s, strideH, strideW,
                over.padTop, over.padLeft, over.padBottom, over.padRight, dilationH, dilationW, groups);
    }

    /** The sizes of a pooling with this window over {@code n} examples. */
    PoolShape pooling(int n, Shape in, boolean ceilMode) {
        Area area = Area.of(in);
        Window over = over(area);
        return new PoolShape(n, area.h(), area.w(), area.c(), r, s, strideH, strideW,
                over.padTop, over.padLeft, over.padBottom, over.padRight, dilationH, dilationW, ceilMode);
    }

    /** What such a pooling makes of an example. */
    Shape pooled(Shape in, boolean ceilMode) {
        PoolShape shape = pooling(1, in, ceilMode);
        return Area.shape(in, shape.p(), shape.q(), shape.c());
    }

    /** {@code 5x5} and what differs from stride 1 without padding: {@code 3x3/2 same}. */
    @Override
    public String toString() {
        String text = r + "x" + s;
        if (strideH != 1 || strideW != 1) {
            text += "/" + (strideH == strideW ? "" + strideH : strideH + "x" + strideW);
        }
        if (same) {
            text += " same";
        } else if (padTop == padBottom && padLeft == padRight && padTop == padLeft) {
            text += padTop == 0 ? "" : " pad " + padTop;
        } else {
            text += " pad " + padTop + "," + padLeft + "," + padBottom + "," + padRight;
        }
        return dilationH == 1 && dilationW == 1 ? text : text + " dilation " + dilationH + "x" + dilationW;
    }
}
