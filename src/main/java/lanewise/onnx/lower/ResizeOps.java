package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.layer.Resize;
import lanewise.layer.ResizeCoordinates;
import lanewise.layer.ResizeMode;
import lanewise.layer.ResizeRounding;

/** Resize, and Upsample before it. */
final class ResizeOps {

    private ResizeOps() {}

    static Value upsample(Call call) {
        Tensor x = call.tensor(0);
        String mode = call.attributes.getString("mode", "nearest");
        float[] scales = call.opset < 9 ? call.attributes.getFloats("scales", new float[0]) : call.floats(1);
        return resized(call, x, mode(mode), ResizeCoordinates.ASYMMETRIC, ResizeRounding.FLOOR, sized(scales, x), null);
    }

    static Value resize(Call call) {
        Tensor x = call.tensor(0);
        String mode = call.attributes.getString("mode", "nearest");
        if (call.opset < 11) {
            return resized(call, x, mode(mode), ResizeCoordinates.ASYMMETRIC, ResizeRounding.FLOOR, sized(call.floats(1), x), null);
        }
        int[] axes = call.attributes.getInts("axes", Axes.identity(x.rank()));
        axes = Axes.normalize(Arrays.stream(axes).asLongStream().toArray(), x.rank());
        ResizeCoordinates coordinates = coordinates(call.attributes.getString("coordinate_transformation_mode", "half_pixel"));
        ResizeRounding rounding = rounding(call.attributes.getString("nearest_mode", "round_prefer_floor"));
        String policy = call.attributes.getString("keep_aspect_ratio_policy", "stretch");
        int[] sizes = x.dims().clone();
        float[] scales = new float[x.rank()];
        Arrays.fill(scales, 1);
        if (call.has(3) && call.constant(3).size() > 0) {
            scaled(x, axes, Arrays.stream(call.longs(3)).mapToInt(Math::toIntExact).toArray(), policy, sizes, scales);
        } else {
            float[] given = call.floats(2);
            checkCount(given.length, axes, "scales");
            for (int i = 0; i < axes.length; i++) {
                scales[axes[i]] = given[i];
                sizes[axes[i]] = size(x.dims()[axes[i]], given[i]);
            }
        }
        float[] roi = coordinates == ResizeCoordinates.TF_CROP_AND_RESIZE ? roi(call, x.rank(), axes) : null;
        return resized(call, x, mode(mode), coordinates, rounding, new Target(sizes, scales), roi);
    }

    private record Target(int[] sizes, float[] scales) {}

    private static Target sized(float[] scales, Tensor x) {
        checkCount(scales.length, Axes.identity(x.rank()), "scales");
        int[] sizes = new int[scales.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = size(x.dims()[i], scales[i]);
        }
        return new Target(sizes, scales);
    }

    private static int size(int in, float scale) {
        double size = Math.floor(in * scale); // in float: 0.7 of 10 is 7, as those who wrote the scale meant it
        if (!(size >= 1 && size < Integer.MAX_VALUE)) {
            throw new Refusal("scale is " + scale + " for a size of " + in + ", must leave at least 1");
        }
        return (int) size;
    }

    private static void checkCount(int count, int[] axes, String what) {
        if (count != axes.length) {
            throw new Refusal("there are " + count + " " + what + ", must be " + axes.length);
        }
    }

    /** Sizes asked for, perhaps with one scale for all axes. */
    private static void scaled(Tensor x, int[] axes, int[] wanted, String policy, int[] sizes, float[] scales) {
        checkCount(wanted.length, axes, "sizes");
        float common = Float.NaN;
        for (int i = 0; i < axes.length; i++) {
            float scale = wanted[i] / (float) x.dims()[axes[i]];
            if (wanted[i] < 1) {
                throw new Refusal("sizes are " + Arrays.toString(wanted) + ", must be at least 1");
            }
            scales[axes[i]] = scale;
            sizes[axes[i]] = wanted[i];
            common = switch (policy) {
                case "stretch" -> scale;
                case "not_larger" -> Float.isNaN(common) ? scale : Math.min(common, scale);
                case "not_smaller" -> Float.isNaN(common) ? scale : Math.max(common, scale);
                default -> throw new Refusal("keep_aspect_ratio_policy is " + policy
                        + ", must be stretch, not_larger or not_smaller");
            };
        }
        for (int axis : axes) {
            if (!policy.equals("stretch")) {
                scales[axis] = common;
                sizes[axis] = Math.max(1, (int) Math.floor(common * x.dims()[axis] + 0.5));
            }
        }
    }

    /** Starts, then ends, in parts of each axis; axes that are not named are whole. */
    private static float[] roi(Call call, int rank, int[] axes) {
        float[] given = call.floats(1);
        checkCount(given.length, Axes.concat(axes, axes), "numbers of roi");
        float[] roi = new float[2 * rank];
        Arrays.fill(roi, rank, 2 * rank, 1);
        for (int i = 0; i < axes.length; i++) {
            roi[axes[i]] = given[i];
            roi[rank + axes[i]] = given[axes.length + i];
        }
        return roi;
    }

    private static Value resized(Call call, Tensor x, ResizeMode mode, ResizeCoordinates coordinates, ResizeRounding rounding,
                                 Target target, float[] roi) {
        float cubicA = call.attributes.getFloat("cubic_coeff_a", -0.75f);
        boolean exclude = call.attributes.getInt("exclude_outside", 0) != 0;
        boolean antialias = call.attributes.getInt("antialias", 0) != 0;
        float extrapolation = call.attributes.getFloat("extrapolation_value", 0);
        if (x.batch() >= 0 && (target.sizes[x.batch()] != x.dims()[x.batch()] || target.scales[x.batch()] != 1)) {
            throw new NotBatchwiseException();
        }
        Budget.check(target.sizes);
        List<Float> scales = new ArrayList<>();
        List<Float> region = new ArrayList<>();
        for (int axis : x.order()) {
            scales.add(target.scales[axis]);
        }
        for (int half = 0; roi != null && half < 2; half++) {
            for (int axis : x.order()) {
                region.add(roi[half * x.rank() + axis]);
            }
        }
        Resize layer = new Resize(mode, coordinates, rounding, cubicA, exclude, antialias, extrapolation,
                Axes.list(Axes.pick(target.sizes, x.order())), scales, region);
        return Tensor.of(call.layer(layer, call.layouts.exact(x)), target.sizes, x.batch(), x.order());
    }

    private static ResizeMode mode(String name) {
        return switch (name) {
            case "nearest" -> ResizeMode.NEAREST;
            case "linear" -> ResizeMode.LINEAR;
            case "cubic" -> ResizeMode.CUBIC;
            default -> throw new Refusal("mode is " + name + ", must be nearest, linear or cubic");
        };
    }

    private static ResizeCoordinates coordinates(String name) {
        return switch (name) {
            case "half_pixel" -> ResizeCoordinates.HALF_PIXEL;
            case "half_pixel_symmetric" -> ResizeCoordinates.HALF_PIXEL_SYMMETRIC;
            case "pytorch_half_pixel" -> ResizeCoordinates.PYTORCH_HALF_PIXEL;
            case "align_corners" -> ResizeCoordinates.ALIGN_CORNERS;
            case "asymmetric" -> ResizeCoordinates.ASYMMETRIC;
            case "tf_half_pixel_for_nn" -> ResizeCoordinates.TF_HALF_PIXEL_FOR_NN;
            case "tf_crop_and_resize" -> ResizeCoordinates.TF_CROP_AND_RESIZE;
            default -> throw new Refusal("coordinate_transformation_mode is " + name + ", which is unknown");
        };
    }

    private static ResizeRounding rounding(String name) {
        return switch (name) {
            case "round_prefer_floor" -> ResizeRounding.ROUND_PREFER_FLOOR;
            case "round_prefer_ceil" -> ResizeRounding.ROUND_PREFER_CEIL;
            case "floor" -> ResizeRounding.FLOOR;
            case "ceil" -> ResizeRounding.CEIL;
            default -> throw new Refusal("nearest_mode is " + name + ", which is unknown");
        };
    }
}
