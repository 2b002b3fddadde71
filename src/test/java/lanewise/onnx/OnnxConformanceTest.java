package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.opentest4j.TestAbortedException;

/**
 * The official test cases, or others in their form: every folder below {@code -Dlanewise.onnx.testdata=DIR} that holds a
 * {@code model.onnx} and folders {@code test_data_set_*} with {@code input_*.pb} and {@code output_*.pb}. One test a case; a case
 * is skipped if its model has operators that are not among {@link OnnxImporter#operators}. Of the folder {@code onnx-conformance}, a
 * choice of the official cases, it is known which those are.
 */
@EnabledIfSystemProperty(named = "lanewise.onnx.testdata", matches = ".+")
class OnnxConformanceTest {

    private static final List<String> PASSED = new ArrayList<>();
    private static final List<String> FAILED = new ArrayList<>();
    private static final List<String> SKIPPED = new ArrayList<>();
    private static final Set<String> UNKNOWN = new TreeSet<>();

    private static final Path ROOT = Path.of(System.getProperty("lanewise.onnx.testdata", ""));
    private static final Path CHOICE = Path.of("onnx-conformance");
    /** Operators of the choice that the importer does not know, and how many cases it passes. */
    private static final Set<String> UNKNOWN_IN_CHOICE = Set.of();
    private static final int PASSED_IN_CHOICE = 398;

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.walk(ROOT)) {
            folders = all.filter(file -> file.endsWith("model.onnx")).map(Path::getParent).filter(folder ->
                    !ConformanceCase.sets(folder).isEmpty())
                    .sorted().toList();
        }
        assertFalse(folders.isEmpty(), () -> "no folder below " + ROOT + " holds a model.onnx and a test_data_set_*");
        return folders.stream().map(folder -> DynamicTest.dynamicTest(ROOT.relativize(folder).toString(), () -> run(folder)));
    }

    private static void run(Path folder) throws Exception {
        String name = ROOT.relativize(folder).toString();
        Set<String> unknown;
        try {
            ConformanceCase one = new ConformanceCase(folder);
            unknown = one.unknownOperators();
            if (unknown.isEmpty()) {
                one.run();
                PASSED.add(name);
                return;
            }
        } catch (Exception | AssertionError e) {
            FAILED.add(name + ": " + e);
            throw e;
        }
        UNKNOWN.addAll(unknown);
        SKIPPED.add(name + ": " + unknown);
        throw new TestAbortedException("operators " + unknown + " are not supported");
    }

    @AfterAll
    static void report() {
        System.out.printf("ONNX conformance: %d passed, %d failed, %d skipped%n", PASSED.size(), FAILED.size(), SKIPPED.size());
        FAILED.forEach(failure -> System.out.println("  failed " + failure));
        SKIPPED.forEach(skip -> System.out.println("  skipped " + skip));
        if (ROOT.endsWith(CHOICE)) {
            assertEquals(UNKNOWN_IN_CHOICE, UNKNOWN, "operators for which cases were skipped");
            assertTrue(PASSED.size() >= PASSED_IN_CHOICE, PASSED.size() + " cases passed");
        }
    }
}
