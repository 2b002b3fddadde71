package lanewise.bench;

import java.util.List;
import lanewise.bench.Workloads.Product;
import lanewise.kernel.Gemm;

/** A matrix product; both operands are packed within the call. */
final class GemmCase implements Case {

    static final String BLOCKED = "Gemm";
    static final String NAIVE_BY_ROWS = "NaiveByRows";

    private final Product size;
    private final float[] a;
    private final float[] b;

    GemmCase(Product size) {
        this.size = size;
        a = Data.uniform(1, size.m() * size.k());
        b = Data.uniform(2, size.k() * size.n());
    }

    @Override
    public String shape() {
        return size.toString();
    }

    @Override
    public String pass() {
        return "multiply";
    }

    @Override
    public int length() {
        return size.m() * size.n();
    }

    @Override
    public int terms() {
        return size.k();
    }

    @Override
    public long multiplyAdds() {
        return (long) length() * terms();
    }

    @Override
    public List<String> algorithms() {
        return List.of(BLOCKED, NAIVE_BY_ROWS);
    }

    @Override
    public Runnable algorithm(String name, float[] out) {
        return switch (name) {
            case BLOCKED -> {
                var gemm = Gemm.of(size.m(), size.n(), size.k());
                var workspace = gemm.newWorkspace();
                yield () -> gemm.multiply(a, b, out, workspace);
            }
            case NAIVE_BY_ROWS -> () -> NaiveGemm.multiplyByRows(size.m(), size.n(), size.k(), a, b, out);
            default -> throw new IllegalArgumentException("no algorithm " + name + ", there are " + algorithms());
        };
    }

    @Override
    public Runnable naive(float[] out) {
        return () -> NaiveGemm.multiply(size.m(), size.n(), size.k(), a, b, out);
    }

    @Override
    public Case small() {
        return new GemmCase(new Product(size.id(), 48, 48, 48));
    }
}
