package lanewise.infer;

import lanewise.layer.Node;

/**
 * A tensor of a program that is being compiled: the whole batch or, where a part of the program runs image by image, that of an image;
 * channels last. Several may share memory: one that overwrites another in place, and the parts of a concatenation, which are channels
 * of the same wider pixels.
 */
final class Value {

    /** Where the memory of a value is. */
    enum Kind { ARENA, INPUT, OUTPUT }

    final Node node;
    final int channels;
    final int length;
    private Kind kind = Kind.ARENA;
    /** Number of the network's input or output. */
    private int number;
    /** The value whose memory this one is a part of, or null. */
    private Value home;
    /** The first channel in the home's pixels. */
    private int channel;
    /** Whether it is that of an image. */
    private final boolean each;
    /** The batch that this root is an image of, or null if it lives no longer than its image is worked at. */
    private Value batch;

    /**
     * The output of {@code node} for {@code batch} examples.
     *
     * @param each whether others follow, of which the caller has all
     */
    Value(Node node, int batch, boolean each) {
        this.node = node;
        this.each = each;
        this.channels = node.shape().channels();
        long floats = (long) batch * node.shape().size();
        if (floats > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("batch is " + batch + ": " + node + " would have " + floats + " elements, more than the "
                    + Integer.MAX_VALUE + " a Java array can hold");
        }
        this.length = (int) floats;
    }

    /** Lets the memory be that of the network's input or output {@code number}. */
    void placeAt(Kind kind, int number) {
        Value root = root();
        root.kind = kind;
        root.number = number;
    }

    /** Lets this value live in the memory of another of the same size. */
    void shareWith(Value other) {
        assert home == null && other.length == length;
        home = other;
    }

    /** Lets this value be channels from {@code channel} on of {@code whole}. */
    void becomePartOf(Value whole, int channel) {
        assert home == null;
        home = whole;
        this.channel = channel;
    }

    /** Lets its memory be that of each image of {@code whole} in turn. */
    void becomeImageOf(Value whole) {
        root().batch = whole;
    }

    /** The batch that this is an image of, or null. */
    Value batch() {
        return root().batch;
    }

    /** Whether it is forgotten when the next image is worked at. */
    boolean isOfEach() {
        return root().each && batch() == null;
    }

    /** Floats from one image to the next, where these are worked at in turn and lie one after the other; else 0. */
    int step() {
        return batch() != null || each && kind() != Kind.ARENA ? root().length : 0;
    }

    /** The value that owns the memory. */
    Value root() {
        return home == null ? this : home.root();
    }

    Kind kind() {
        return root().kind;
    }

    int number() {
        return root().number;
    }

    /** The value whose memory it is a part of, or null. */
    Value home() {
        return home;
    }

    /** Whether it owns its memory, for now. */
    boolean isRoot() {
        return home == null;
    }

    /** Whether its pixels lie side by side. */
    boolean isDense() {
        return stride() == channels;
    }

    /** Floats from one pixel to the next. */
    int stride() {
        boolean own = home == null || home.length == length && home.isDense(); // under another name its pixels may be others
        return own ? channels : home.stride();
    }

    /** Floats from the beginning of the root's memory to the first of its own. */
    int channelOffset() {
        return home == null ? 0 : channel + home.channelOffset();
    }
}
