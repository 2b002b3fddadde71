package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MnistOptionsTest {

    @Test
    void withoutArguments() {
        assertEquals(new MnistOptions(null, Path.of("target", "demo"), DemoNetwork.LENET, 40, 64, 1, 3e-3, 2, false, 0, null), of());
    }

    @Test
    void everyOptionSetsItsOwn() {
        assertEquals(new MnistOptions(Path.of("d"), Path.of("o"), DemoNetwork.SMALL_VGG, 3, 5, -7, 0.5, 0, true, 9, Path.of("c")),
                of("--data", "d", "--out", "o", "--network", "small-vgg", "--epochs", "3", "--batch", "5", "--seed", "-7",
                        "--rate", "0.5", "--shift", "0", "--flip", "yes", "--held-out", "9", "--checkpoints", "c"));
        assertEquals(new MnistOptions(Path.of("d"), Path.of("o"), DemoNetwork.RESNET20, 3, 5, 1L << 40, 0.1, 1, false, 0, null),
                of("--flip", "no", "--shift", "1", "--seed", "1099511627776", "--batch", "5", "--epochs", "3", "--network",
                        "resnet20", "--out", "o", "--data", "d"));
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
        refused("--rate is 0, must be a number above 0", "--rate", "0");
        refused("--rate is Infinity", "--rate", "Infinity");
        refused("--rate is NaN", "--rate", "NaN");
        refused("--rate is fast", "--rate", "fast");
        refused("--shift is 28, must be a whole number from 0 to 27", "--shift", "28");
        refused("--flip is maybe, must be yes or no", "--flip", "maybe");
        refused("--held-out is -1", "--held-out", "-1");
        refused("--network is alexnet, must be one of lenet, small-vgg, vgg8, resnet20", "--network", "alexnet");
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
