package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lanewise.io.ModelFile;
import lanewise.layer.Dense;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.model.LeNet;
import lanewise.oracle.Allocation;
import lanewise.oracle.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a JVM loads from its start to LeNet's first result: each class takes a third of a millisecond, one that is made a whole one. */
class ColdStartTest {

    /** Classes made for references to methods: there are about 40. */
    private static final int MOST_LAMBDAS = 50;

    /** Calls by plain loops, before the kernels are there. */
    static final class FirstCalls {

        /** Of "lenet" or "small": prints the bytes of those that ended before the change, or of the first ten, but for the very first. */
        public static void main(String[] args) {
            Network network = args[0].equals("lenet") ? LeNet.network(1)
                    : Network.chain(Shape.of(20), 1, Dense.of(30).relu(), Dense.of(10));
            float[] x = new float[network.inputShape().size()];
            float[] scores = new float[10];
            Allocation.bytesSoFar();
            Predictor predictor = Predictor.compile(network);
            PredictorContext context = predictor.newContext();
            context.predict(x, scores);
            long before = Allocation.bytesSoFar();
            int calls = 0;
            long bytes = 0;
            while (calls < 10 && !predictor.isWarm()) {
                context.predict(x, scores);
                calls++;
                bytes = predictor.isWarm() ? bytes : Allocation.bytesSoFar() - before;
            }
            System.out.println("bytes " + bytes + " of " + calls);
        }
    }

    /** A warm-up by an executor of the caller's, in a JVM whose kernels are cold. */
    static final class OwnExecutor {

        /** Prints "right" unless something is wrong. */
        public static void main(String[] args) throws InterruptedException {
            Network network = Network.chain(Shape.of(20), 1, Dense.of(30).relu(), Dense.of(10));
            PredictorOptions options = PredictorOptions.defaults();
            try {
                Predictor.compile(network, options.warmUpOn(Runnable::run));
                System.out.println("an executor without a thread is not refused");
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
            List<Runnable> tasks = new ArrayList<>();
            Predictor predictor = Predictor.compile(network, options.warmUpOn(tasks::add));
            boolean cold = !predictor.isWarm() && !predictor.awaitWarm(Duration.ofMillis(1));
            boolean thread = Thread.getAllStackTraces().keySet().stream().anyMatch(one -> one.getName().contains("lanewise"));
            predictor.newContext().predict(new float[20], new float[10]);
            tasks.forEach(task -> Thread.ofVirtual().start(task));
            boolean warm = predictor.awaitWarm(Duration.ofSeconds(60)) && predictor.isWarm();
            System.out.println(cold && !thread && tasks.size() == 1 && warm ? "right"
                    : "cold " + cold + ", thread " + thread + ", tasks " + tasks.size() + ", warm " + warm);
        }
    }

    /** The program whose start is watched. */
    static final class FirstResult {

        /** The file of the model. */
        public static void main(String[] args) throws IOException {
            Network network = ModelFile.load(Path.of(args[0]));
            float[] scores = new float[10];
            Predictor.compile(network).newContext().predict(new float[network.inputShape().size()], scores);
            System.out.println("scores " + scores.length);
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void warmsUpOnTheCallersExecutor() throws IOException, InterruptedException {
        String output = run(ChildJvm.command(OwnExecutor.class));
        assertTrue(output.contains("the executor runs the warm-up on the calling thread, main: must be another one"), output);
        assertTrue(output.lines().toList().contains("right"), output);
    }

    /** What ten calls may allocate, in bytes: by kernels, whose vectors are objects in a new JVM, one of LeNet's takes millions. */
    @ParameterizedTest
    @CsvSource({"lenet, 500000", "small, 10000"})
    void firstCallsMakeNoVectors(String network, long mostBytes) throws IOException, InterruptedException {
        String output = run(ChildJvm.command(FirstCalls.class, network));
        Matcher bytes = Pattern.compile("bytes (\\d+) of [1-9]").matcher(output);
        assertTrue(bytes.find(), output);
        assertTrue(Long.parseLong(bytes.group(1)) <= mostBytes, output);
    }

    @Test
    void loadsNoGradientAndMakesFewClasses(@TempDir Path folder) throws IOException, InterruptedException {
        Path model = folder.resolve("lenet.safetensors");
        ModelFile.save(LeNet.network(1), model);
        Path log = folder.resolve("classes.txt");
        List<String> command = new ArrayList<>(ChildJvm.command(FirstResult.class, model.toString()));
        command.add(1, "-Xlog:class+load:file=" + log);
        String output = run(command);
        assertTrue(output.contains("scores 10"), output);

        List<String> loaded = Files.readAllLines(log);
        assertEquals(List.of(), loaded.stream().filter(line -> line.contains("java.util.Formatter ")
                || line.contains("java.lang.runtime.SwitchBootstraps") || line.contains("java.lang.runtime.ObjectMethods")
                || line.contains("java.util.regex.Matcher ")).toList());
        assertEquals(List.of(), loaded.stream().filter(line -> line.matches(".* lanewise\\.internal\\.conv\\.\\w+GradWeight source.*")
                && !line.contains("MaximaGradWeight")).toList());
        List<String> lambdas = loaded.stream().filter(line -> line.contains(" lanewise.") && line.contains("$$Lambda/")).toList();
        assertTrue(lambdas.size() <= MOST_LAMBDAS, () -> lambdas.size() + " classes are made, must be at most " + MOST_LAMBDAS + ":\n"
                + String.join("\n", lambdas));
        boolean shown = loaded.stream().anyMatch(line -> line.contains(" lanewise.kernel.ConvPlan "));
        assertTrue(shown, "the log must show the library's classes");
    }
}
