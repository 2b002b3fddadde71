package lanewise.signal;

/** Every way to the same result, the plain loops and the kernel by themselves too; one list for all tests. */
enum Method {
    TRANSLATE_AND_SCALE {
        @Override
        Plane convolve(Plane x, Plane w, Mode mode) {
            return Convolution2d.translateAndScale(x, w, mode);
        }

        @Override
        float[] convolve(float[] x, float[] w, Mode mode) {
            return Convolution1d.translateAndScale(x, w, mode);
        }
    },
    FLIP_AND_FILTER {
        @Override
        Plane convolve(Plane x, Plane w, Mode mode) {
            return Convolution2d.flipAndFilter(x, w, mode);
        }

        @Override
        float[] convolve(float[] x, float[] w, Mode mode) {
            return Convolution1d.flipAndFilter(x, w, mode);
        }
    },
    MATRIX_PRODUCT {
        @Override
        Plane convolve(Plane x, Plane w, Mode mode) {
            return Convolution2d.matrixProduct(x, w, mode);
        }

        @Override
        float[] convolve(float[] x, float[] w, Mode mode) {
            return Convolution1d.matrixProduct(x, w, mode);
        }
    },
    CROSS_CORRELATE_FLIPPED {
        @Override
        Plane convolve(Plane x, Plane w, Mode mode) {
            return Convolution2d.crossCorrelate(x, w.flipped(), mode);
        }

        @Override
        float[] convolve(float[] x, float[] w, Mode mode) {
            return Convolution1d.crossCorrelate(x, Convolution1d.flip(w), mode);
        }
    },
    PLAIN_TRANSLATE_AND_SCALE {
        @Override
        Plane convolve(Plane x, Plane w, Mode mode) {
            return Convolution2d.translateAndScalePlain(x, w, Window.of(x, w, mode));
        }

        @Override
        float[] convolve(float[] x, float[] w, Mode mode) {
            return Convolution1d.translateAndScalePlain(x, w, mode);
        }
    },
    PLAIN_FLIP_AND_FILTER {
        @Override
        Plane convolve(Plane x, Plane w, Mode mode) {
            return Convolution2d.crossCorrelatePlain(x, w.flipped(), Window.of(x, w, mode));
        }

        @Override
        float[] convolve(float[] x, float[] w, Mode mode) {
            return Convolution1d.crossCorrelatePlain(x, Convolution1d.flip(w), mode);
        }
    },
    KERNEL {
        @Override
        Plane convolve(Plane x, Plane w, Mode mode) {
            return FastPath.filter(x, w.flipped(), Window.of(x, w, mode));
        }

        @Override
        float[] convolve(float[] x, float[] w, Mode mode) {
            return convolve(Plane.row(x), Plane.row(w), mode).values();
        }
    };

    abstract Plane convolve(Plane x, Plane w, Mode mode);

    abstract float[] convolve(float[] x, float[] w, Mode mode);
}
