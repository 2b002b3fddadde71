package lanewise.io;

/**
 * The module java.desktop holds the JDK's decoders of pictures. Lanewise does without it otherwise, so a program on the module path
 * has it only if it asks for it. No class of it is named here: this runs before the first one is loaded.
 */
final class DesktopModule {

    private DesktopModule() {}

    static void require() {
        require(ModuleLayer.boot());
    }

    static void require(ModuleLayer layer) {
        if (layer.findModule("java.desktop").isEmpty()) {
            throw new IllegalStateException(
                    "Reading and writing pictures needs a module of the JDK: start java with --add-modules java.desktop");
        }
    }
}
