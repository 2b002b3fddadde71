package lanewise.internal.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No class of the library loads a vector by mask: such a load is two, in range and out of range, and C2 may keep what it merges as
 * objects, in one JVM and not in the next (NOTES 106, 113). Stores by mask merge nothing.
 */
class MaskedLoadTest {

    private static final String VECTORS = "jdk.incubator.vector";

    /** Every {@code from...} of a vector class that takes a mask: from an array of any type, by indices, from a memory segment. */
    private final TreeSet<String> byMask = new TreeSet<>();
    private int loads;

    @Test
    void nothingIsLoadedByMask() throws IOException, URISyntaxException {
        for (Path file : classes()) {
            ClassModel type = ClassFile.of().parse(file);
            for (MethodModel method : type.methods()) {
                String name = type.thisClass().asInternalName().replace('/', '.') + "." + method.methodName();
                method.code().ifPresent(code -> code.forEach(element -> visit(name, element)));
            }
        }
        assertTrue(loads > 1000, () -> "saw no more than " + loads + " loads");
        assertEquals("", String.join("\n", byMask));
    }

    private static List<Path> classes() throws IOException, URISyntaxException {
        Path root = Path.of(Lanes.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    private void visit(String method, CodeElement element) {
        if (element instanceof InvokeInstruction call) {
            visit(method, call.owner().asSymbol(), call.name().stringValue(), call.typeSymbol());
        } else if (element instanceof InvokeDynamicInstruction call) {
            for (ConstantDesc argument : call.bootstrapArgs()) {
                if (argument instanceof DirectMethodHandleDesc handle) {
                    visit(method, handle.owner(), handle.methodName(), handle.invocationType());
                }
            }
        }
    }

    private void visit(String method, ClassDesc owner, String name, MethodTypeDesc type) {
        if (owner.packageName().equals(VECTORS) && name.startsWith("from")) {
            loads++;
            if (type.parameterList().stream().anyMatch(each -> each.displayName().equals("VectorMask"))) {
                byMask.add(method + " calls " + owner.displayName() + "." + name);
            }
        }
    }
}
