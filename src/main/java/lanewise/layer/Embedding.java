package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * A table of learned vectors: {@code y[i] = table[x[i]]}. The input holds row numbers as floats, which are exact up to 2^24.
 *
 * <p>Input of any shape without a trailing 1 ({@code L} for a text of L words), output {@code ... x dim}, weight
 * {@code vocabulary x dim}. The gradient is sparse: rows that occur several times in a batch get the sum, rows that do not occur have
 * none, and optimisers do not touch them.
 *
 * @param vocabulary rows of the table
 * @param dim length of each vector
 * @param initializer how the table starts
 */
public record Embedding(int vocabulary, int dim, Initializer initializer) implements OffsetLayer {

    private static final int EXACT = 1 << 24;

    /** Checks the components. */
    public Embedding {
        Checks.atLeast(vocabulary, 1, "vocabulary");
        Checks.atLeast(dim, 1, "dim");
        Checks.notNull(initializer, "initializer");
        if (vocabulary > EXACT) {
            throw new IllegalArgumentException("vocabulary is " + vocabulary + ", must be at most " + EXACT
                    + ": row numbers are given as floats");
        }
    }

    /** A table with normally distributed start. */
    public static Embedding of(int vocabulary, int dim) {
        return new Embedding(vocabulary, dim, Initializer.STANDARD_NORMAL);
    }

    /** The same with another start. */
    public Embedding initializer(Initializer initializer) {
        return new Embedding(vocabulary, dim, initializer);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        List<Integer> dims = new java.util.ArrayList<>(Inputs.one(inputs).dims());
        dims.add(dim);
        return new Shape(dims);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        return List.of(new ParameterSpec("weight", Shape.of(vocabulary, dim), ParameterSpec.Role.TABLE, initializer, vocabulary, dim));
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new EmbeddingRun(this, binding);
    }
}
