package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeedupPlotTest {

    private static Line line(String work, int batch, String peer, double speedup) {
        return new Line(work, batch, 1, 1, Double.NaN, peer, speedup, Double.NaN, speedup, Double.NaN, Double.NaN);
    }

    @Test
    void theFastestPeerCounts() {
        assertEquals(Map.of(1, Map.of("L2", 1.5, "L3", 0.8), 16, Map.of("L2", 2.0)),
                SpeedupPlot.speedups(List.of(line("L2", 1, "a", 1.5), line("L2", 1, "b", 1.75), line("L3", 1, "a", 0.9),
                        line("L3", 1, "b", 0.8), line("L2", 16, "a", 2))));
    }

    @Test
    void aWorkWithoutPeerIsLeftOut() {
        assertEquals(Map.of(1, Map.of("L2", 1.5)), SpeedupPlot.speedups(List.of(line("L2", 1, "a", 1.5),
                Line.withoutPeer("gradInput:L2", 16, 1, 1, Double.NaN, 50, Double.NaN))));
    }

    /** A work that one batch does not have leaves a gap. */
    @Test
    void picture(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("speedups.png");
        SpeedupPlot.write(List.of(line("L2", 1, "a", 1.5), line("net:lenet", 1, "a", 0.5), line("L2", 16, "a", 2)), file);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertEquals(1200, picture.getWidth());
    }
}
