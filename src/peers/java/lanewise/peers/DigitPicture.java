package lanewise.peers;

import java.util.Arrays;

/**
 * Lines of black digits on white, as a pocket calculator shows them, {@code N x 3 x H x W} from -1 to 1: something for a reader of
 * text to find. On noise its scores are so near 0 that only the rounding of a sigmoid is compared.
 */
final class DigitPicture {

    private static final int HEIGHT = 24;
    private static final int WIDTH = 14;
    private static final int STROKE = 3;
    private static final int GAP = 6;

    /** The strokes of 0 to 9: top, upper left, upper right, middle, lower left, lower right, bottom. */
    private static final int[] STROKES = {0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010, 0b1101011, 0b1101111, 0b1010010, 0b1111111,
        0b1111011};

    private DigitPicture() {}

    static float[] of(int n, int height, int width) {
        float[] page = new float[height * width];
        Arrays.fill(page, 1);
        int digit = 0;
        for (int top = GAP; top + HEIGHT < height; top += HEIGHT + 2 * GAP) {
            for (int left = GAP; left + WIDTH < width; left += WIDTH + GAP) {
                draw(page, width, top, left, STROKES[digit++ % 10]);
            }
        }
        float[] all = new float[3 * n * page.length];
        for (int plane = 0; plane < 3 * n; plane++) {
            System.arraycopy(page, 0, all, plane * page.length, page.length);
        }
        return all;
    }

    private static void draw(float[] page, int width, int top, int left, int strokes) {
        int half = HEIGHT / 2;
        int right = left + WIDTH - STROKE;
        int[][] places = {{top, left, STROKE, WIDTH}, {top, left, half, STROKE}, {top, right, half, STROKE},
            {top + half - 1, left, STROKE, WIDTH}, {top + half, left, half, STROKE}, {top + half, right, half, STROKE},
            {top + HEIGHT - STROKE, left, STROKE, WIDTH}};
        for (int i = 0; i < places.length; i++) {
            if ((strokes >> places.length - 1 - i & 1) != 0) {
                int[] place = places[i];
                for (int y = place[0]; y < place[0] + place[2]; y++) {
                    Arrays.fill(page, y * width + place[1], y * width + place[1] + place[3], -1);
                }
            }
        }
    }
}
