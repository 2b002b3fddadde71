package lanewise.oracle;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.LongSupplier;

/**
 * Bytes allocated by the current thread, or by all, from {@code com.sun.management.ThreadMXBean}.
 *
 * <p>By name, since the library's module does not read the management modules and its tests need no flag for that.
 */
public final class Allocation {

    private static final MethodHandle BYTES = bytes("getCurrentThreadAllocatedBytes");
    private static final MethodHandle ALL_BYTES = bytes("getTotalThreadAllocatedBytes");
    private static final MethodHandle BYTES_OF_THREAD = bytes("getThreadAllocatedBytes", long.class);

    static {
        for (int i = 0; i < 1_000; i++) {
            bytesSoFar();
            bytesOf(Thread.currentThread().threadId());
            bytesOfAllThreads(); // after some calls the JVM compiles the method handle, by making a class on this thread
        }
    }

    private Allocation() {}

    private static MethodHandle bytes(String method, Class<?>... parameters) {
        try {
            Object bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
            Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
            return MethodHandles.publicLookup()
                    .findVirtual(type, method, MethodType.methodType(long.class, parameters)).bindTo(bean);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** All that the current thread ever allocated, in bytes. */
    public static long bytesSoFar() {
        try {
            return (long) BYTES.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static long bytesOf(long thread) {
        try {
            return (long) BYTES_OF_THREAD.invokeExact(thread);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** All that any thread of this JVM ever allocated, in bytes; its compilers are not among them. */
    public static long bytesOfAllThreads() {
        try {
            return (long) ALL_BYTES.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The bytes that {@code calls} calls allocate once they are compiled: 0 if three batches in a row allocate nothing before time
     * is up, else what the last one that did took. Until C2 has the kernels, every vector is an object, and when it compiles one
     * anew, a call on its way may still make a few; what each call allocates shows in every batch.
     */
    public static long bytesWhenWarm(int calls, long patienceMillis, Runnable call) {
        return bytesWhenWarm(calls, patienceMillis, call, Allocation::bytesSoFar);
    }

    /** The same of this thread and the workers that {@code Threads} have now; what else is in the JVM, as Surefire's, makes garbage. */
    public static long bytesWithWorkersWhenWarm(int calls, long patienceMillis, Runnable call) {
        long[] workers = Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().matches("lanewise-\\d+"))
                .mapToLong(Thread::threadId).toArray();
        if (workers.length == 0) {
            throw new AssertionError("there are no workers");
        }
        return bytesWhenWarm(calls, patienceMillis, call, () -> {
            long bytes = bytesSoFar();
            for (long worker : workers) {
                bytes += bytesOf(worker);
            }
            return bytes;
        });
    }

    private static long bytesWhenWarm(int calls, long patienceMillis, Runnable call, LongSupplier soFar) {
        long end = System.nanoTime() + patienceMillis * 1_000_000;
        long last = 0;
        for (int quiet = 0; System.nanoTime() < end; ) {
            long before = soFar.getAsLong();
            for (int i = 0; i < calls; i++) {
                call.run();
            }
            long bytes = soFar.getAsLong() - before;
            quiet = bytes == 0 ? quiet + 1 : 0;
            last = bytes == 0 ? last : bytes;
            if (quiet == 3) {
                return 0;
            }
        }
        return last;
    }
}
