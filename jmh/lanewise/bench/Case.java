package lanewise.bench;

import java.util.List;

/** One pass of one workload with its operands, uniform in [-1, 1]: what is timed, and what it is compared with. */
interface Case {

    /** The sizes, in a word. */
    String shape();

    /** The product: {@code forward}, {@code gradInput}, ... */
    String pass();

    /** Floats of the result. */
    int length();

    /** Products that an element of the result adds up, at most. */
    int terms();

    /** Multiply-adds in all, padding counted as work. */
    long multiplyAdds();

    /** The algorithms that accept the shape; the library's own choice is the first. */
    List<String> algorithms();

    /** A call of an algorithm that overwrites {@code out}: what it needs is made now, and nothing is allocated by the call. */
    Runnable algorithm(String name, float[] out);

    /** A call of the plain loops. */
    Runnable naive(float[] out);

    /** The same in small, on which the plain loops can be run often enough to be compiled. */
    Case small();
}
