package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxGraph;
import lanewise.onnx.OnnxTensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxDemoTest {

    @TempDir
    Path folder;

    private Path model;
    private Path picture;

    /** A model that says which colour a picture has most of, of any size, and a green picture. */
    @BeforeEach
    void files() throws IOException {
        OnnxGraph graph = new OnnxGraph();
        graph.input("image", ElementType.FLOAT, "N", 3, "H", "W");
        graph.constant("ten", OnnxTensor.of(new float[] {10}));
        String mean = graph.node("Flatten", "mean", List.of(graph.node("GlobalAveragePool", "pool", List.of("image"))));
        graph.node("Mul", "scores", List.of(mean, "ten"));
        graph.output("scores", ElementType.FLOAT, "N", 3);
        model = graph.write(folder.resolve("colour.onnx"));
        BufferedImage image = new BufferedImage(20, 12, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 240; i++) {
            image.setRGB(i % 20, i / 20, 0x20e030);
        }
        picture = folder.resolve("green.png");
        ImageIO.write(image, "png", picture.toFile());
    }

    /** What it prints, or the status and what it complains about. */
    private static List<String> run(int status, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int ended = OnnxDemo.start(arguments, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        List<String> lines = new ArrayList<>(out.toString(StandardCharsets.UTF_8).lines().toList());
        lines.addAll(err.toString(StandardCharsets.UTF_8).lines().toList());
        assertEquals(status, ended, () -> String.join("\n", lines));
        return lines;
    }

    @Test
    void namesTheColour() throws IOException {
        Path labels = Files.write(folder.resolve("labels.txt"), List.of("red", "green", "blue"));
        List<String> lines = run(0, model.toString(), picture.toString(), "--labels", labels.toString(), "--size", "12,20");
        assertTrue(lines.getFirst().contains("colour.onnx") && lines.getFirst().contains("opset 20"), lines.getFirst());
        assertTrue(lines.getLast().matches("demo-onnx: best=\"green\" probability=[01]\\.\\d{4} p50_us=[0-9.]+"), lines.getLast());
        List<String> scores = lines.stream().filter(line -> line.matches(" *[0-9.]+% .*")).toList();
        assertArrayEquals(new String[] {"green", "blue", "red"}, scores.stream().map(line -> line.replaceAll(".* ", "")).toArray());
    }

    @Test
    void namesNumbersWithoutLabels() {
        for (String kind : new String[] {"none", "half", "imagenet"}) {
            List<String> lines = run(0, model.toString(), picture.toString(), "--normalize", kind, "--size", "8");
            assertTrue(lines.getLast().contains("best=\"class 1\""), lines.getLast());
        }
    }

    @Test
    void readsTheBundledDigit() {
        assertTrue(run(0).getLast().contains("best=\"digit 7\""));
    }

    @Test
    void saysWhatIsWrongWithFiles() throws IOException {
        Path text = Files.writeString(folder.resolve("text.onnx"), "no model");
        assertTrue(run(1, text.toString(), picture.toString()).getFirst().contains("text.onnx"));
        assertTrue(run(1, folder.resolve("none.onnx").toString(), picture.toString()).getFirst().contains("none.onnx"));
        assertTrue(run(1, model.toString(), text.toString()).getLast().contains("is no picture"));
        OnnxGraph graph = new OnnxGraph();
        graph.input("image", 1, 3, 8, 8);
        graph.node("", "LSTM", "memory", List.of("image"), List.of("y"));
        graph.output("y", 1, 3);
        Path unsupported = graph.write(folder.resolve("lstm.onnx"));
        assertTrue(String.join(" ", run(1, unsupported.toString(), picture.toString())).contains("LSTM \"memory\""));
        OnnxGraph flat = new OnnxGraph();
        flat.input("x", 1, 3);
        flat.node("Relu", "y", List.of("x"));
        flat.output("y", 1, 3);
        assertTrue(run(1, flat.write(folder.resolve("flat.onnx")).toString(), picture.toString()).getFirst().contains("N x C x H x W"));
    }

    @Test
    void readsOptions() throws OnnxDemoOptions.MisuseException {
        assertEquals(new OnnxDemoOptions(null, null, null, "none", 224, 224), OnnxDemoOptions.parse(new String[0]));
        assertEquals(new OnnxDemoOptions("m", "p", "l", "half", 32, 48),
                OnnxDemoOptions.parse(new String[] {"--size", "32,48", "m", "--labels", "l", "p", "--normalize", "half"}));
        assertEquals(96, OnnxDemoOptions.parse(new String[] {"--size", "96"}).width());
    }

    @Test
    void refusesMisuse() {
        misused("no picture", "m.onnx");
        misused("third: not understood", "m.onnx", "p.png", "third");
        misused("--what: not understood", "--what");
        misused("--labels has no value", "--labels");
        misused("--normalize odd", "--normalize", "odd");
        misused("--size 0", "--size", "0");
        misused("--size x", "--size", "8,x");
        misused("--size ", "--size", ",");
        misused("--size 8,9,10", "--size", "8,9,10");
    }

    private static void misused(String part, String... arguments) {
        var e = assertThrows(OnnxDemoOptions.MisuseException.class, () -> OnnxDemoOptions.parse(arguments), () -> Arrays.toString(arguments));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        List<String> lines = run(2, arguments);
        assertTrue(lines.getFirst().contains(part) && lines.getLast().contains("demo.args"), () -> String.join("\n", lines));
    }
}
