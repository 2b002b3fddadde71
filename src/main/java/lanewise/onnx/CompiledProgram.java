package lanewise.onnx;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorContext;
import lanewise.infer.PredictorOptions;
import lanewise.onnx.lower.Program;

/** A program that is compiled, with contexts for as many threads as called at once. Thread-safe. */
final class CompiledProgram {

    /** Of a program and its contexts: a quarter of the heap. */
    static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 4;

    private final Program program;
    private final Predictor predictor;
    private final ArrayDeque<PredictorContext> idle = new ArrayDeque<>();

    CompiledProgram(Program program) {
        this.program = program;
        this.predictor = program.network() == null ? null
                : Predictor.compile(program.network(), PredictorOptions.defaults().batch(program.batch()));
    }

    Map<String, OnnxTensor> run(Map<String, OnnxTensor> fed) {
        float[][] out = predictor == null ? new float[0][] : new float[predictor.outputs().size()][];
        if (predictor != null) {
            float[][] in = program.inputs().stream().map(name -> floats(fed.get(name))).toArray(float[][]::new);
            for (int i = 0; i < out.length; i++) {
                out[i] = new float[program.batch() * predictor.outputs().get(i).shape().size()];
            }
            PredictorContext context = take();
            try {
                context.predict(in, out);
            } finally {
                giveBack(context);
            }
        }
        Map<String, OnnxTensor> results = new HashMap<>();
        for (Program.Output output : program.outputs()) {
            results.put(output.name(), output.known() != null ? output.known() : output.tensor(out[output.index()]));
        }
        return results;
    }

    /** The elements as floats: row numbers of a table and pixels may come as integers. */
    private static float[] floats(OnnxTensor tensor) {
        if (!tensor.isIntegral() && tensor.type() != ElementType.DOUBLE) {
            return tensor.floats();
        }
        float[] to = new float[tensor.size()];
        for (int i = 0; i < to.length; i++) {
            to[i] = tensor.isIntegral() ? (float) tensor.longs()[i] : (float) tensor.doubles()[i];
        }
        return to;
    }

    /** What it holds, with the contexts that wait, or one. */
    long bytes() {
        synchronized (idle) {
            return bytes(Math.max(1, idle.size()));
        }
    }

    private long bytes(int contexts) {
        return predictor == null ? 0 : Float.BYTES * (predictor.weightFloats()
                + contexts * ((long) predictor.arenaFloats() + predictor.workspaceFloats()));
    }

    private PredictorContext take() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return predictor.newContext();
    }

    /** Forgets it if others wait and all of them would hold too much. */
    private void giveBack(PredictorContext context) {
        synchronized (idle) {
            if (idle.isEmpty() || bytes(idle.size() + 1) <= MOST_BYTES) {
                idle.push(context);
            }
        }
    }
}
