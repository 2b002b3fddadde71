package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {

    private static final Line LINE = new Line("L2", 16, 1, 1234, Double.NaN, "ort-bound", 99.5, 250.25, 0.081, 55.5, Double.NaN);

    @Test
    void format() {
        assertEquals("L2,16,1,1234,,ort-bound,99.50,250.3,0.081,55.5", LINE.format(Line.HEADER));
        assertEquals("L2,16,1,1234,,ort-bound,99.50,250.3,0.081,55.5,", LINE.format(Line.HEADER_OF_TRAINING));
        for (String header : List.of(Line.HEADER, Line.HEADER_OF_TRAINING)) {
            assertEquals(header.split(",").length, LINE.format(header).split(",", -1).length);
        }
    }

    @Test
    void formatIsParsed() {
        for (String header : List.of(Line.HEADER, Line.HEADER_OF_TRAINING)) {
            String text = LINE.format(header);
            assertEquals(text, Line.parse(text).format(header));
        }
        assertEquals(new Line("P1", 1, 2, 1, Double.NaN, "x", 2, Double.NaN, 2, Double.NaN, 64),
                Line.parse("P1,1,2,1,,x,2,,2,,64"));
    }

    @Test
    void withoutPeer() {
        Line line = Line.withoutPeer("train:vgg8", 32, 1, 250_000, Double.NaN, 60, 128);
        assertEquals("train:vgg8,32,1,250000,,,,,,60.0,128", line.format(Line.HEADER_OF_TRAINING));
        assertEquals(line, Line.parse(line.format(Line.HEADER_OF_TRAINING)));
        assertEquals("train:vgg8,32,1,250000,,,,,,60.0", line.format(Line.HEADER));
    }

    @Test
    void otherTextIsRefused() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Line.parse("L2,16,1"));
        assertEquals("a line has 10 or 11 fields, this one 3: L2,16,1", refusal.getMessage());
    }

    /** The speed-up is the median of its own, not the quotient of the medians beside it. */
    @Test
    void medianOfEachField() {
        List<Line> lines = List.of(new Line("a", 1, 1, 1, 5, "p", 4, Double.NaN, 4, 30, 8),
                new Line("a", 1, 1, 3, 7, "p", 3, 1, 1, 10, 9),
                new Line("a", 1, 1, 2, 6, "p", 10, 2, 5, 20, 7));
        assertEquals(new Line("a", 1, 1, 2, 6, "p", 4, Double.NaN, 4, 20, 8), Line.medianOf(lines));
        assertEquals(new Line("a", 1, 1, 2, 6, "p", 3.5, Double.NaN, 2.5, 20, 8.5), Line.medianOf(lines.subList(0, 2)));
    }
}
