package lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The finished jar: small, nothing in it but the library, and nothing a user must bring along. */
class JarIT {

    // In bytes of the jar: what everyone needs, and the importer of ONNX files beside it (NOTES 64).
    private static final long SIZE_LIMIT = 1_000_000;
    private static final long ONNX_SIZE_LIMIT = 250_000;

    private final Path jar = Path.of(property("lanewise.jar"));
    private final Path sources = Path.of(property("lanewise.sources"));

    @Test
    void isUnderOneMegabyteWithoutTheImporter() throws IOException {
        long onnx = 0;
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().filter(each -> each.getName().startsWith("lanewise/onnx/")).toList()) {
                onnx += entry.getCompressedSize() + 76 + 2 * entry.getName().length(); // the data and both headers
            }
        }
        long importer = onnx;
        long rest = Files.size(jar) - importer;
        assertTrue(rest < SIZE_LIMIT, () -> jar + " has " + rest + " bytes without lanewise/onnx, the limit is " + SIZE_LIMIT);
        assertTrue(importer < ONNX_SIZE_LIMIT, () -> "lanewise/onnx has " + importer + " bytes, the limit is " + ONNX_SIZE_LIMIT);
    }

    /** A test, demo or benchmark class has its source elsewhere; so has a class of a dependency. */
    @Test
    void everyClassComesFromMainSources() throws IOException {
        List<String> classes = entries().stream().filter(name -> name.endsWith(".class")).toList();
        assertTrue(classes.contains("lanewise/internal/VectorModule.class"), classes::toString);
        for (String name : classes) {
            String source = name.replaceFirst("(\\$.*)?\\.class$", ".java");
            assertTrue(Files.isRegularFile(sources.resolve(source)), () -> name + " is in the jar without " + source);
        }
    }

    @Test
    void holdsNothingButTheLibrary() throws IOException {
        for (String name : entries()) {
            boolean library = name.equals("module-info.class") || name.startsWith("lanewise/");
            assertTrue(library || name.startsWith("META-INF/"), name);
            assertFalse(name.startsWith("lanewise/bench/"), name);
        }
        assertTrue(entries().contains("META-INF/LICENSE"));
    }

    /** Tools that list what a program consists of look for this file; the whole pom.xml stays out. */
    @Test
    void namesItsCoordinates() throws IOException {
        String folder = "META-INF/maven/io.github.lanewise/lanewise/";
        assertFalse(entries().contains(folder + "pom.xml"));
        Properties coordinates = new Properties();
        try (JarFile file = new JarFile(jar.toFile());
                InputStream in = file.getInputStream(file.getEntry(folder + "pom.properties"))) {
            coordinates.load(in);
        }
        assertEquals("io.github.lanewise", coordinates.getProperty("groupId"));
        assertEquals("lanewise", coordinates.getProperty("artifactId"));
        String name = "lanewise-" + coordinates.getProperty("version") + ".jar";
        assertEquals(name, jar.getFileName().toString());
    }

    @Test
    void moduleRequiresOnlyTheJdkAndGson() throws IOException {
        ModuleDescriptor module = descriptor();
        assertEquals("lanewise", module.name());
        assertFalse(module.isOpen());
        assertEquals(
                Set.of("java.base", "jdk.incubator.vector", "com.google.gson", "java.desktop"),
                module.requires().stream().map(ModuleDescriptor.Requires::name).collect(Collectors.toSet()));
    }

    @Test
    void moduleExportsNoInternals() throws IOException {
        for (ModuleDescriptor.Exports exports : descriptor().exports()) {
            assertFalse(exports.source().startsWith("lanewise.internal"), exports::toString);
        }
    }

    private List<String> entries() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
        }
    }

    private ModuleDescriptor descriptor() throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                InputStream in = file.getInputStream(file.getEntry("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("property " + name + " is not set: run this test by ./mvnw verify");
        }
        return value;
    }
}
