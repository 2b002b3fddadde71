package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.opentest4j.TestAbortedException;

/**
 * The official test cases, or others in their form: every folder below {@code -Dlanewise.onnx.testdata=DIR} that holds a
 * {@code model.onnx} and folders {@code test_data_set_*} with {@code input_*.pb} and {@code output_*.pb}. One test a case; a case
 * is skipped if its model has operators that are not among {@link OnnxImporter#operators}.
 */
@EnabledIfSystemProperty(named = "lanewise.onnx.testdata", matches = ".+")
class OnnxConformanceTest {

    private static final List<String> PASSED = new ArrayList<>();
    private static final List<String> FAILED = new ArrayList<>();
    private static final List<String> SKIPPED = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        Path root = Path.of(System.getProperty("lanewise.onnx.testdata"));
        List<Path> folders;
        try (Stream<Path> all = Files.walk(root)) {
            folders = all.filter(file -> file.endsWith("model.onnx")).map(Path::getParent).filter(folder ->
                    !ConformanceCase.sets(folder).isEmpty())
                    .sorted().toList();
        }
        assertFalse(folders.isEmpty(), () -> "no folder below " + root + " holds a model.onnx and a test_data_set_*");
        return folders.stream().map(folder -> DynamicTest.dynamicTest(root.relativize(folder).toString(), () -> run(root, folder)));
    }

    private static void run(Path root, Path folder) throws Exception {
        String name = root.relativize(folder).toString();
        try {
            new ConformanceCase(folder).run();
            PASSED.add(name);
        } catch (TestAbortedException e) {
            SKIPPED.add(name + ": " + e.getMessage());
            throw e;
        } catch (Exception | AssertionError e) {
            FAILED.add(name + ": " + e);
            throw e;
        }
    }

    @AfterAll
    static void report() {
        System.out.printf("ONNX conformance: %d passed, %d failed, %d skipped%n", PASSED.size(), FAILED.size(), SKIPPED.size());
        FAILED.forEach(failure -> System.out.println("  failed " + failure));
        SKIPPED.forEach(skip -> System.out.println("  skipped " + skip));
    }
}
