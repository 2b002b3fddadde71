package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("a bar more is written after a tenth of a second")
class ConsoleProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private String run(boolean terminal) throws InterruptedException {
        ConsoleProgress console = new ConsoleProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, "signals");
        Progress progress = new Progress(4, 10);
        progress.classifies = true;
        progress.startNanos = System.nanoTime();
        console.started(progress);
        progress.epoch = 2;
        progress.step = 15;
        progress.epochStep = 5;
        progress.examples = 100;
        progress.decisions = 100;
        progress.correct = 75;
        progress.lossSum = 50;
        progress.trainedExamples = 300;
        progress.trainingNanos = 500_000_000;
        if (terminal) {
            Thread.sleep(110); // a terminal's line is written ten times a second
        }
        console.stepped(progress);
        console.stepped(progress);
        Epoch epoch = new Epoch(2, 0.5, 0.75, 0.25, Double.NaN, 1e-3, 65.2, 100);
        console.epochEnded(epoch, progress);
        console.ended(new History(List.of(epoch), 1, false));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void terminalShowsABarThatIsWrittenOver() throws InterruptedException {
        String text = run(true);
        String[] lines = text.split("\r");
        assertEquals(3, lines.length, text);
        assertTrue(lines[1].matches(
                "epoch 2/4 \\[#{12}\\.{12}\\] loss 0\\.5000 accuracy 75\\.00%  600 signals/s  0.2 s left, in all [0-9.]+ s"), lines[1]);
        assertTrue(lines[2].matches("epoch 2/4: loss 0\\.5000 accuracy 75\\.00%, validation loss 0\\.2500, 600 signals/s, 1:05 min *\\R"),
                lines[2]);
        assertTrue(lines[2].stripTrailing().length() >= 40 && lines[2].length() >= lines[1].length(), "rests of the bar stay visible");
    }

    @Test
    void elsewhereLinesArePlain() throws InterruptedException {
        String text = run(false);
        assertEquals(
                "epoch 2/4: loss 0.5000 accuracy 75.00%, validation loss 0.2500, 600 signals/s, 1:05 min" + System.lineSeparator(), text);
    }
}
