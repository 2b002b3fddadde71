package lanewise.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * How long HotSpot has compiled so far. By name, as {@link lanewise.oracle.Allocation} does it: the library's module does not read the
 * management modules.
 */
public final class CompileTime {

    private static final MethodHandle MILLIS = millis();

    private CompileTime() {}

    private static MethodHandle millis() {
        try {
            Object bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getCompilationMXBean").invoke(null);
            Class<?> type = Class.forName("java.lang.management.CompilationMXBean");
            return MethodHandles.publicLookup().findVirtual(type, "getTotalCompilationTime", MethodType.methodType(long.class)).bindTo(bean);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Of all its threads together, in ms. */
    public static long soFar() {
        try {
            return (long) MILLIS.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
