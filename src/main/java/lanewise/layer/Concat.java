package lanewise.layer;

import java.util.List;

/** The channels of several inputs side by side; all other sizes are the same. */
public record Concat() implements Layer {

    @Override
    public Shape outputShape(List<Shape> inputs) {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("takes at least 2 inputs, but was given " + inputs.size() + ": " + inputs);
        }
        Shape first = inputs.getFirst();
        long channels = 0;
        for (Shape input : inputs) {
            if (input.rank() != first.rank() || !input.withChannels(1).equals(first.withChannels(1))) {
                throw new IllegalArgumentException("inputs are " + first + " and " + input + ", may differ in the last size only");
            }
            channels += input.channels();
        }
        return first.withChannels(Math.toIntExact(channels));
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int[] widths = binding.inputs().stream().mapToInt(Shape::channels).toArray();
        int width = binding.output().channels();
        int places = binding.outputLength() / width;
        return new LayerRun() {
            @Override
            public void forward(Frame frame) {
                for (int i = 0, at = 0; i < widths.length; at += widths[i], i++) {
                    for (int place = 0; place < places; place++) {
                        System.arraycopy(frame.x(i), place * widths[i], frame.y(), place * width + at, widths[i]);
                    }
                }
            }

            @Override
            public void backward(Frame frame) {
                for (int i = 0, at = 0; i < widths.length; at += widths[i], i++) {
                    for (int place = 0; frame.dx(i) != null && place < places; place++) {
                        Gradient.pass(frame.dy(), place * width + at, frame.dx(i), place * widths[i], widths[i], frame.dxMode(i));
                    }
                }
            }
        };
    }
}
