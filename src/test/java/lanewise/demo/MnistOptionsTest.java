package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MnistOptionsTest {

    @Test
    void withoutArguments() {
        assertEquals(new MnistOptions(null, Path.of("target", "demo"), 40, 64, 1, null), of());
    }

    @Test
    void everyOptionSetsItsOwn() {
        assertEquals(new MnistOptions(Path.of("d"), Path.of("o"), 3, 5, -7, Path.of("c")),
                of("--data", "d", "--out", "o", "--epochs", "3", "--batch", "5", "--seed", "-7", "--checkpoints", "c"));
        assertEquals(new MnistOptions(Path.of("d"), Path.of("o"), 3, 5, 1L << 40, null),
                of("--seed", "1099511627776", "--batch", "5", "--epochs", "3", "--out", "o", "--data", "d"));
    }

    @Test
    void saysWhatIsWrong() {
        refused("--epoch", "--epoch", "7");
        refused("--epochs lacks a value", "--epochs");
        refused("--epochs is x", "--epochs", "x");
        refused("--epochs is 0", "--epochs", "0");
        refused("--batch is 1e3", "--batch", "1e3");
        refused("--batch is -4", "--batch", "-4");
        refused("--batch is 99999999999", "--batch", "99999999999");
        refused("--seed is soon", "--seed", "soon");
    }

    private static MnistOptions of(String... args) {
        return MnistOptions.of(args);
    }

    private static void refused(String part, String... args) {
        String message = assertThrows(IllegalArgumentException.class, () -> MnistOptions.of(args)).getMessage();
        assertTrue(message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }
}
