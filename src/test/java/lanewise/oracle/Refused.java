package lanewise.oracle;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** What a wrong argument must answer: the right exception, and a message from which the mistake can be seen. */
public final class Refused {

    private Refused() {}

    /** Fails unless {@code call} throws exactly {@code type}, with a message that contains every part. */
    public static void by(Class<? extends Throwable> type, Executable call, Object... parts) {
        Throwable e = assertThrows(Throwable.class, call);
        assertTrue(e.getClass() == type, () -> "threw " + e + ", must be " + type.getSimpleName());
        for (Object part : parts) {
            assertTrue(String.valueOf(e.getMessage()).contains(part.toString()),
                    () -> "\"" + e.getMessage() + "\" does not say " + part);
        }
    }

    /** By {@link IllegalArgumentException}. */
    public static void argument(Executable call, Object... parts) {
        by(IllegalArgumentException.class, call, parts);
    }

    /** By {@link IndexOutOfBoundsException}. */
    public static void bounds(Executable call, Object... parts) {
        by(IndexOutOfBoundsException.class, call, parts);
    }

    /** By {@link NullPointerException} that names the argument. */
    public static void isNull(Executable call, String name) {
        by(NullPointerException.class, call, name + " is null");
    }
}
