package lanewise.internal.conv;

/** What the paths share whose filter is {@link FilterPanels}: its layout and its packing. So one packed filter serves them all. */
abstract class PanelConv implements ConvKernel {

    final FilterPanels panels;

    PanelConv(FilterPanels panels) {
        this.panels = panels;
    }

    @Override
    public final String filterLayout() {
        return panels.layout();
    }

    @Override
    public final int packedFloats() {
        return panels.floats();
    }

    @Override
    public final void pack(float[] w, int wOffset, float[] packed) {
        panels.pack(w, wOffset, packed);
    }

    @Override
    public final int packTasks() {
        return panels.tasks();
    }

    @Override
    public final void pack(float[] w, int wOffset, float[] packed, int task) {
        panels.pack(w, wOffset, packed, task);
    }
}
