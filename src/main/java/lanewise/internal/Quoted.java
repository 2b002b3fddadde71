package lanewise.internal;

/** Texts out of files in messages. */
public final class Quoted {

    /** Longer texts are cut. */
    private static final int MOST = 80;

    private Quoted() {}

    /** A text out of a file, in quotes: on one line, of bounded length, with nothing a terminal would obey. */
    public static String text(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), MOST); i++) {
            char c = text.charAt(i);
            quoted.append(c < ' ' || c > '~' ? "\\u%04x".formatted((int) c) : Character.toString(c));
        }
        return quoted.append(text.length() > MOST ? "...\"" : "\"").toString();
    }
}
