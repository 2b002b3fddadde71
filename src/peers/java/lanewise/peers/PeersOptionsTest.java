package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lanewise.peers.PeersOptions.Job;
import lanewise.peers.PeersOptions.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeersOptionsTest {

    @Test
    void nothingIsEverything() {
        PeersOptions options = PeersOptions.parse();
        assertEquals(Works.names(1).stream().map(name -> new Job(name, 1)).toList(), options.jobs());
        assertEquals(1, options.threads());
        assertEquals(3, options.forks());
        assertEquals(Mode.CALLS, options.mode());
        assertEquals("work,batch,threads,ours_us,ours_p99_us,peer,peer_us,peer_p99_us,speedup,pct_peak", options.header());
    }

    @Test
    void stepsTellHowManyImages() {
        assertEquals(Line.HEADER, PeersOptions.parse("L2", "net:lenet", "gradWeight:L2").header());
        assertEquals(Line.HEADER + ",images_per_s", PeersOptions.parse("L2", "train:lenet").header());
    }

    @Test
    void everythingSaid() {
        PeersOptions options = PeersOptions.parse("L3", "-b", "1,16", "net:lenet", "-t", "2", "--forks", "5", "--plot", "a.png");
        assertEquals(new PeersOptions(Mode.CALLS, List.of("L3", "net:lenet"), List.of(1, 16), 2, 5, "384m", null, Path.of("a.png")),
                options);
        assertEquals(List.of(new Job("L3", 1), new Job("net:lenet", 1), new Job("L3", 16), new Job("net:lenet", 16)),
                options.jobs());
    }

    @Test
    void eachWorkHasItsUsualBatch() {
        PeersOptions options = PeersOptions.parse("train:lenet", "train:vgg8", "train:resnet20", "gradInput:L2", "gradWeight:L12",
                "L2");
        assertEquals(List.of(64, 32, 32, 16, 16, 1), options.jobs().stream().map(Job::batch).toList());
        assertEquals(List.of(new Job("train:vgg8", 4)), PeersOptions.parse("train:vgg8", "-b", "4").jobs());
    }

    @Test
    void networksAreTheDefaultOfSingleProcesses() {
        assertEquals(List.of("net:lenet", "net:resnet50"), PeersOptions.parse("--cold-start").works());
        assertEquals(List.of("net:resnet50"), PeersOptions.parse("--memory").works());
        assertEquals(List.of("net:vgg16"), PeersOptions.parse("--memory", "net:vgg16", "--heap", "3g").works());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "L99 | no work is called L99",
        "net:alexnet | no work is called net:alexnet",
        "onnx:nowhere.onnx | there is no file nowhere.onnx, and no model of that name among [cnn_mnist",
        "onnx:cnn_mnist@1x1x28 0 | no work is called 0",
        "onnx:cnn_mnist@1x0 | sizes are 1x0, must be like 1x3x48x320",
        "train:alexnet | no work is called train:alexnet",
        "gradInput:D1 | no work is called gradInput:D1",
        "--memory train:lenet | MEMORY is measured of whole networks, train:lenet is none",
        "--fork 3 | unknown option --fork",
        "-b | -b needs a value",
        "-b 1, | -b is , must be a number of at least 1",
        "-b 0 | -b is 0, must be a number of at least 1",
        "-t 4097 | -t is 4097, must be at most 4096",
        "--memory L2 | MEMORY is measured of whole networks, L2 is none",
        "--cold-start --plot a.png | --plot and --from are about calls, not COLD_START"})
    void misuse(String line, String message) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> PeersOptions.parse(line.split(" ")));
        assertTrue(refusal.getMessage().startsWith(message), refusal.getMessage());
    }

    @Test
    void everyNameIsFound() {
        List<String> all = Stream.concat(Works.names(1).stream(), Works.trainingNames().stream()).toList();
        assertEquals(all, all.stream().map(name -> Works.find(name).name()).toList());
        assertTrue(all.containsAll(List.of("L1", "L9b", "L18", "P3", "R1", "D2", "net:lenet", "net:squeezenet", "train:vgg8",
                "gradInput:L1", "gradWeight:L18")), all.toString());
        assertFalse(Works.names(16).contains("L16"), "L16 is for batch 1 alone");
    }
}
