package lanewise.internal.conv;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import lanewise.internal.gemm.FilterRowTile;
import lanewise.internal.gemm.PhaseTile;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;

/**
 * One way to compute one pass: its name, what it refuses, and how it is prepared.
 *
 * <p>The lists below are ordered, fastest first; a plan takes the first that does not refuse, and the last accepts everything.
 * Tests, benchmarks and plans all walk these lists, so adding a line here adds its oracle test and its benchmark row.
 *
 * @param name the class
 * @param refusal null, or one sentence that says what the shape asks that this way does not do
 * @param prepare makes the kernel for a shape it does not refuse
 */
public record ConvAlgorithm(String name, Function<ConvShape, String> refusal, Function<ConvShape, ConvKernel> prepare) {

    private static final String WINOGRAD = "WinogradConv";
    private static final String FEW_CHANNEL_WINOGRAD = "FewChannelWinogradConv";

    private static final ConvAlgorithm FILTER_ROW = new ConvAlgorithm("FilterRowConv", FilterRowConv::refusal, FilterRowConv::forward);
    private static final ConvAlgorithm FEW_CHANNEL = new ConvAlgorithm("FewChannelConv", FewChannelConv::refusal, FewChannelConv::forward);

    private static final ConvAlgorithm FILTER_ROW_WEIGHT = new ConvAlgorithm(
            "FilterRowConv", FilterRowGradWeight::refusal, parted(FilterRowGradWeight::gradWeight));
    private static final ConvAlgorithm FEW_CHANNEL_WEIGHT = new ConvAlgorithm(
            "FewChannelConv", FewChannelGradWeight::refusal, parted(FewChannelGradWeight::gradWeight));

    private static final List<ConvAlgorithm> FORWARD = Stream.of(
            new ConvAlgorithm("DenseConv", DenseConv::refusal, DenseConv::forward),
            new ConvAlgorithm("PointwiseConv", PointwiseConv::refusal, PointwiseConv::forward),
            new ConvAlgorithm("SlidingDepthwiseConv", SlidingDepthwiseConv::refusal, SlidingDepthwiseConv::forward),
            new ConvAlgorithm("TiledDepthwiseConv", TiledDepthwiseConv::refusal, TiledDepthwiseConv::forward),
            new ConvAlgorithm("DepthwiseConv", DepthwiseConv::refusal, DepthwiseConv::forward),
            new ConvAlgorithm("GroupedConv", GroupedConv::refusal, GroupedConv::forward),
            new ConvAlgorithm("PlanarConv", PlanarConv::refusal, PlanarConv::forward),
            new ConvAlgorithm(FEW_CHANNEL_WINOGRAD, PairedColumns::refusal, FewChannelWinogradConv::forward),
            FilterRowTile.FITS ? FILTER_ROW : FEW_CHANNEL,
            FilterRowTile.FITS ? FEW_CHANNEL : FILTER_ROW,
            new ConvAlgorithm(WINOGRAD, WinogradConv::refusal, WinogradConv::forward),
            FourTileRow.FITS
                    ? new ConvAlgorithm("FourTileWinogradConv", FourTileWinogradConv::refusal, FourTileWinogradConv::forward) : null,
            new ConvAlgorithm("StridedWinogradConv", StridedWinogradConv::refusal, StridedWinogradConv::forward),
            new ConvAlgorithm("DirectConv", DirectConv::refusal, DirectConv::forward),
            new ConvAlgorithm("GemmConv", shape -> null, GemmConv::forward)).filter(Objects::nonNull).toList();

    private static final List<ConvAlgorithm> GRAD_INPUT = Stream.of(
            new ConvAlgorithm("PointwiseConv", PointwiseConv::refusal, PointwiseConv::gradInput),
            new ConvAlgorithm("SlidingDepthwiseConv", SlidingDepthwiseConv::gradInputRefusal, SlidingDepthwiseConv::gradInput),
            new ConvAlgorithm("TiledDepthwiseConv", TiledDepthwiseConv::gradInputRefusal, TiledDepthwiseConv::gradInput),
            new ConvAlgorithm("DepthwiseConv", DepthwiseConv::gradInputRefusal, DepthwiseConv::gradInput),
            new ConvAlgorithm("GroupedConv", GroupedConv::gradInputRefusal, GroupedConv::gradInput),
            new ConvAlgorithm("ScatterConv", ScatterConv::refusal, ScatterConv::gradInput),
            new ConvAlgorithm("RowColumnsConv", RowColumnsConv::refusal, RowColumnsConv::gradInput),
            new ConvAlgorithm("ColumnsConv", ColumnsConv::refusal, ColumnsConv::gradInput),
            new ConvAlgorithm(WINOGRAD, WinogradConv::gradInputRefusal, WinogradConv::gradInput),
            new ConvAlgorithm("StridedWinogradConv", StridedWinogradConv::gradInputRefusal, StridedWinogradConv::gradInput),
            PhaseTile.FITS ? new ConvAlgorithm("PhaseConv", PhaseConv::refusal, PhaseConv::gradInput) : null,
            new ConvAlgorithm("DirectConv", DirectConv::gradInputRefusal, DirectConv::gradInput),
            new ConvAlgorithm("GemmConv", shape -> null, GemmConv::gradInput)).filter(Objects::nonNull).toList();

    private static final List<ConvAlgorithm> GRAD_WEIGHT = List.of(
            new ConvAlgorithm("SlidingDepthwiseConv", SlidingDepthwiseGradWeight::refusal, SlidingDepthwiseGradWeight::gradWeight),
            new ConvAlgorithm("DepthwiseConv", DepthwiseConv::refusal, DepthwiseConv::gradWeight),
            new ConvAlgorithm(FEW_CHANNEL_WINOGRAD, PairedColumns::refusal, parted(FewChannelWinogradGradWeight::gradWeight)),
            FilterRowTile.FITS ? FILTER_ROW_WEIGHT : FEW_CHANNEL_WEIGHT,
            FilterRowTile.FITS ? FEW_CHANNEL_WEIGHT : FILTER_ROW_WEIGHT,
            new ConvAlgorithm(WINOGRAD, WinogradGradWeight::refusal, parted(WinogradGradWeight::gradWeight)),
            new ConvAlgorithm("StridedWinogradConv", StridedWinogradGradWeight::refusal, parted(StridedWinogradGradWeight::gradWeight)),
            new ConvAlgorithm("DirectConv", DirectConv::gradWeightRefusal, parted(DirectConv::gradWeight)),
            new ConvAlgorithm("GemmConv", shape -> null, parted(GemmConv::gradWeight)));

    private static final Map<Pass, List<ConvAlgorithm>> LISTS =
            Map.of(Pass.FORWARD, FORWARD, Pass.GRAD_INPUT, GRAD_INPUT, Pass.GRAD_WEIGHT, GRAD_WEIGHT);

    private static Function<ConvShape, ConvKernel> parted(Function<ConvShape, ConvKernel> prepare) {
        return shape -> PartedGradWeight.of(shape, prepare);
    }

    /** All ways to compute a pass, in the order in which they are tried. */
    public static List<ConvAlgorithm> list(Pass pass) {
        return LISTS.get(pass);
    }

    /** The first that does not refuse. */
    public static ConvAlgorithm choose(Pass pass, ConvShape shape) {
        return choose(pass, shape, algorithm -> true);
    }

    /** The first that does not refuse and is not Winograd's. */
    public static ConvAlgorithm chooseWithoutWinograd(Pass pass, ConvShape shape) {
        return choose(pass, shape, algorithm -> !algorithm.isWinograd());
    }

    private static ConvAlgorithm choose(Pass pass, ConvShape shape, Predicate<ConvAlgorithm> allowed) {
        for (ConvAlgorithm algorithm : list(pass)) {
            if (allowed.test(algorithm) && algorithm.refusal.apply(shape) == null) {
                return algorithm;
            }
        }
        throw new AssertionError("the last of the list accepts everything, but not " + shape);
    }

    /** Whether its rounding is another than that of a sum of products. */
    public boolean isWinograd() {
        return name.endsWith(WINOGRAD);
    }
}
