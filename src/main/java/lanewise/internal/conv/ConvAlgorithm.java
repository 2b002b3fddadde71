package lanewise.internal.conv;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lanewise.internal.gemm.FilterRowTile;
import lanewise.internal.gemm.PhaseTile;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;

/**
 * One way to compute one pass: its name, what it refuses, and how it is prepared.
 *
 * <p>The lists are ordered, fastest first; a plan takes the first that does not refuse, and the last accepts everything. Tests,
 * benchmarks and plans all walk these lists, so a name here, with its two lines below, adds its oracle test and its benchmark row. They
 * are names and switches, and not references to methods: each reference is a class that the JVM makes when a program starts (NOTES 115).
 *
 * @param pass what it computes
 * @param name the class
 */
public record ConvAlgorithm(Pass pass, String name) {

    private static final String WINOGRAD = "WinogradConv";

    private static final Map<Pass, List<ConvAlgorithm>> LISTS = new EnumMap<>(Pass.class);

    static {
        String fewChannels = FilterRowTile.FITS ? "FilterRowConv" : "FewChannelConv";
        String fewChannelsElse = FilterRowTile.FITS ? "FewChannelConv" : "FilterRowConv";
        list(Pass.FORWARD, "DenseConv", "PointwiseConv", "SlidingDepthwiseConv", "TiledDepthwiseConv", "DepthwiseConv", "GroupedConv",
                "PlanarConv", "FewChannelWinogradConv", fewChannels, fewChannelsElse, WINOGRAD,
                FourTileRow.FITS ? "FourTileWinogradConv" : null, "StridedWinogradConv", "DirectConv", "GemmConv");
        list(Pass.GRAD_INPUT, "PointwiseConv", "SlidingDepthwiseConv", "TiledDepthwiseConv", "DepthwiseConv", "GroupedConv",
                "ScatterConv", "RowColumnsConv", "ColumnsConv", WINOGRAD, "StridedWinogradConv", PhaseTile.FITS ? "PhaseConv" : null,
                "DirectConv", "GemmConv");
        list(Pass.GRAD_WEIGHT, "SlidingDepthwiseConv", "DepthwiseConv", "FewChannelWinogradConv", fewChannels, fewChannelsElse, WINOGRAD,
                "StridedWinogradConv", "DirectConv", "GemmConv");
    }

    private static void list(Pass pass, String... names) {
        List<ConvAlgorithm> algorithms = new ArrayList<>();
        for (String name : names) {
            if (name != null) {
                algorithms.add(new ConvAlgorithm(pass, name));
            }
        }
        LISTS.put(pass, List.copyOf(algorithms));
    }

    /** All ways to compute a pass, in the order in which they are tried. */
    public static List<ConvAlgorithm> list(Pass pass) {
        return LISTS.get(pass);
    }

    /** The first that does not refuse. */
    public static ConvAlgorithm choose(Pass pass, ConvShape shape) {
        return choose(pass, shape, true);
    }

    /** The first that does not refuse and is not Winograd's. */
    public static ConvAlgorithm chooseWithoutWinograd(Pass pass, ConvShape shape) {
        return choose(pass, shape, false);
    }

    private static ConvAlgorithm choose(Pass pass, ConvShape shape, boolean winograd) {
        for (ConvAlgorithm algorithm : list(pass)) {
            if ((winograd || !algorithm.isWinograd()) && algorithm.refusal(shape) == null) {
                return algorithm;
            }
        }
        throw new AssertionError("the last of the list accepts everything, but not " + shape);
    }

    /** Whether its rounding is another than that of a sum of products. */
    public boolean isWinograd() {
        return name.endsWith(WINOGRAD);
    }

    /** Null, or one sentence that says what the shape asks that this way does not do. */
    public String refusal(ConvShape shape) {
        return switch (pass) {
            case FORWARD -> forwardRefusal(shape);
            case GRAD_INPUT -> gradInputRefusal(shape);
            case GRAD_WEIGHT -> gradWeightRefusal(shape);
        };
    }

    /** Makes the kernel for a shape it does not refuse. */
    public ConvKernel prepare(ConvShape shape) {
        return switch (pass) {
            case FORWARD -> forward(shape);
            case GRAD_INPUT -> gradInput(shape);
            case GRAD_WEIGHT -> gradWeight(shape);
        };
    }

    private String forwardRefusal(ConvShape shape) {
        return switch (name) {
            case "DenseConv" -> DenseConv.refusal(shape);
            case "PointwiseConv" -> PointwiseConv.refusal(shape);
            case "SlidingDepthwiseConv" -> SlidingDepthwiseConv.refusal(shape);
            case "TiledDepthwiseConv" -> TiledDepthwiseConv.refusal(shape);
            case "DepthwiseConv" -> DepthwiseConv.refusal(shape);
            case "GroupedConv" -> GroupedConv.refusal(shape);
            case "PlanarConv" -> PlanarConv.refusal(shape);
            case "FewChannelWinogradConv" -> PairedColumns.refusal(shape);
            case "FilterRowConv" -> FilterRowConv.refusal(shape);
            case "FewChannelConv" -> FewChannelConv.refusal(shape);
            case WINOGRAD -> WinogradConv.refusal(shape);
            case "FourTileWinogradConv" -> FourTileWinogradConv.refusal(shape);
            case "StridedWinogradConv" -> StridedWinogradConv.refusal(shape);
            case "DirectConv" -> DirectConv.refusal(shape);
            case "GemmConv" -> null;
            default -> throw new AssertionError(this);
        };
    }

    private ConvKernel forward(ConvShape shape) {
        return switch (name) {
            case "DenseConv" -> DenseConv.forward(shape);
            case "PointwiseConv" -> PointwiseConv.forward(shape);
            case "SlidingDepthwiseConv" -> SlidingDepthwiseConv.forward(shape);
            case "TiledDepthwiseConv" -> TiledDepthwiseConv.forward(shape);
            case "DepthwiseConv" -> DepthwiseConv.forward(shape);
            case "GroupedConv" -> GroupedConv.forward(shape);
            case "PlanarConv" -> PlanarConv.forward(shape);
            case "FewChannelWinogradConv" -> FewChannelWinogradConv.forward(shape);
            case "FilterRowConv" -> FilterRowConv.forward(shape);
            case "FewChannelConv" -> FewChannelConv.forward(shape);
            case WINOGRAD -> WinogradConv.forward(shape);
            case "FourTileWinogradConv" -> FourTileWinogradConv.forward(shape);
            case "StridedWinogradConv" -> StridedWinogradConv.forward(shape);
            case "DirectConv" -> DirectConv.forward(shape);
            case "GemmConv" -> GemmConv.forward(shape);
            default -> throw new AssertionError(this);
        };
    }

    private String gradInputRefusal(ConvShape shape) {
        return switch (name) {
            case "PointwiseConv" -> PointwiseConv.refusal(shape);
            case "SlidingDepthwiseConv" -> SlidingDepthwiseConv.gradInputRefusal(shape);
            case "TiledDepthwiseConv" -> TiledDepthwiseConv.gradInputRefusal(shape);
            case "DepthwiseConv" -> DepthwiseConv.gradInputRefusal(shape);
            case "GroupedConv" -> GroupedConv.gradInputRefusal(shape);
            case "ScatterConv" -> ScatterConv.refusal(shape);
            case "RowColumnsConv" -> RowColumnsConv.refusal(shape);
            case "ColumnsConv" -> ColumnsConv.refusal(shape);
            case WINOGRAD -> WinogradConv.gradInputRefusal(shape);
            case "StridedWinogradConv" -> StridedWinogradConv.gradInputRefusal(shape);
            case "PhaseConv" -> PhaseConv.refusal(shape);
            case "DirectConv" -> DirectConv.gradInputRefusal(shape);
            case "GemmConv" -> null;
            default -> throw new AssertionError(this);
        };
    }

    private ConvKernel gradInput(ConvShape shape) {
        return switch (name) {
            case "PointwiseConv" -> PointwiseConv.gradInput(shape);
            case "SlidingDepthwiseConv" -> SlidingDepthwiseConv.gradInput(shape);
            case "TiledDepthwiseConv" -> TiledDepthwiseConv.gradInput(shape);
            case "DepthwiseConv" -> DepthwiseConv.gradInput(shape);
            case "GroupedConv" -> GroupedConv.gradInput(shape);
            case "ScatterConv" -> ScatterConv.gradInput(shape);
            case "RowColumnsConv" -> RowColumnsConv.gradInput(shape);
            case "ColumnsConv" -> ColumnsConv.gradInput(shape);
            case WINOGRAD -> WinogradConv.gradInput(shape);
            case "StridedWinogradConv" -> StridedWinogradConv.gradInput(shape);
            case "PhaseConv" -> PhaseConv.gradInput(shape);
            case "DirectConv" -> DirectConv.gradInput(shape);
            case "GemmConv" -> GemmConv.gradInput(shape);
            default -> throw new AssertionError(this);
        };
    }

    private String gradWeightRefusal(ConvShape shape) {
        return switch (name) {
            case "SlidingDepthwiseConv" -> SlidingDepthwiseGradWeight.refusal(shape);
            case "DepthwiseConv" -> DepthwiseConv.refusal(shape);
            case "FewChannelWinogradConv" -> PairedColumns.refusal(shape);
            case "FilterRowConv" -> FilterRowGradWeight.refusal(shape);
            case "FewChannelConv" -> FewChannelGradWeight.refusal(shape);
            case WINOGRAD -> WinogradGradWeight.refusal(shape);
            case "StridedWinogradConv" -> StridedWinogradGradWeight.refusal(shape);
            case "DirectConv" -> DirectConv.gradWeightRefusal(shape);
            case "GemmConv" -> null;
            default -> throw new AssertionError(this);
        };
    }

    /** In parts of the batch, but for depthwise convolutions. */
    private ConvKernel gradWeight(ConvShape shape) {
        return switch (name) {
            case "SlidingDepthwiseConv" -> SlidingDepthwiseGradWeight.gradWeight(shape);
            case "DepthwiseConv" -> DepthwiseConv.gradWeight(shape);
            default -> PartedGradWeight.of(shape, this::wholeGradWeight);
        };
    }

    private ConvKernel wholeGradWeight(ConvShape shape) {
        return switch (name) {
            case "FewChannelWinogradConv" -> FewChannelWinogradGradWeight.gradWeight(shape);
            case "FilterRowConv" -> FilterRowGradWeight.gradWeight(shape);
            case "FewChannelConv" -> FewChannelGradWeight.gradWeight(shape);
            case WINOGRAD -> WinogradGradWeight.gradWeight(shape);
            case "StridedWinogradConv" -> StridedWinogradGradWeight.gradWeight(shape);
            case "DirectConv" -> DirectConv.gradWeight(shape);
            case "GemmConv" -> GemmConv.gradWeight(shape);
            default -> throw new AssertionError(this);
        };
    }
}
