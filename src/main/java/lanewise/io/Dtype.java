package lanewise.io;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/** The element types that the reference implementation of safetensors knows; the names are the file's. */
enum Dtype {
    BOOL(8), F4(4), F6_E2M3(6), F6_E3M2(6), U8(8), I8(8), F8_E5M2(8), F8_E4M3(8), F8_E8M0(8), F8_E4M3FNUZ(8), F8_E5M2FNUZ(8),
    I16(16), U16(16), F16(16), BF16(16), I32(32), U32(32), F32(32), C64(64), F64(64), I64(64), U64(64);

    private final int bits;

    Dtype(int bits) {
        this.bits = bits;
    }

    /** Null if there is none. */
    static Dtype named(String name) {
        for (Dtype dtype : values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        return null;
    }

    int bits() {
        return bits;
    }

    boolean isReadable() {
        return this == F32 || this == F64 || this == F16 || this == BF16;
    }

    /** Takes {@code count} numbers out of {@code bytes}; F32 bit for bit. */
    void toFloats(ByteBuffer bytes, float[] to, int offset, int count) {
        switch (this) {
            case F32 -> bytes.asFloatBuffer().get(to, offset, count);
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    to[offset + i] = (float) bytes.getDouble(i * Double.BYTES);
                }
            }
            case F16 -> {
                ShortBuffer halves = bytes.asShortBuffer();
                for (int i = 0; i < count; i++) {
                    to[offset + i] = Float.float16ToFloat(halves.get(i));
                }
            }
            case BF16 -> {
                ShortBuffer upper = bytes.asShortBuffer(); // the upper half of a float
                for (int i = 0; i < count; i++) {
                    to[offset + i] = Float.intBitsToFloat(upper.get(i) << Short.SIZE);
                }
            }
            default -> throw new AssertionError(this);
        }
    }
}
