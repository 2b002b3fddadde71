package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import lanewise.layer.Dense;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Listeners that throw: the training ends, and all of them are told so. */
class TrainingListenerTest {

    private static final Dataset DATA = ArrayDataset.labelled(Shape.of(2), new float[] {1, 0, 0, 1}, new int[] {0, 1}, List.of("a", "b"));

    /** Writes down what it is told, and throws where it should. */
    private record Witness(String name, List<String> told, String throwing) implements TrainingListener {

        private void tell(String event) {
            told.add(name + " " + event);
            if (throwing.equals(event)) {
                throw new IllegalStateException(name + " in " + event);
            }
        }

        @Override
        public void started(Progress progress) {
            tell("started");
        }

        @Override
        public void stepped(Progress progress) {
            tell("stepped");
        }

        @Override
        public void ended(History history) {
            tell("ended");
            Refused.by(IllegalStateException.class, history::best, "0 epochs", "1 at least");
            Refused.by(IllegalStateException.class, history::last, "0 epochs", "1 at least");
        }
    }

    private static Trainer trainer() {
        return new Trainer(Network.chain(Shape.of(2), 1, Dense.of(2)), new SoftmaxCrossEntropy(), Sgd.of()).batch(2).epochs(1);
    }

    @Test
    void oneThatThrowsAtTheStart() {
        List<String> told = new ArrayList<>();
        StopOnShutdown hook = new StopOnShutdown();
        Trainer trainer = trainer().listener(new Witness("first", told, "started")).listener(hook)
                .listener(new Witness("second", told, ""));
        assertEquals("first in started", assertThrows(IllegalStateException.class, () -> trainer.train(DATA)).getMessage());
        assertEquals(List.of("first started", "first ended", "second ended"), told);
    }

    /** What it throws at the end joins what has ended the training. */
    @Test
    void onesThatThrowAtTheEnd() {
        List<String> told = new ArrayList<>();
        Trainer trainer = trainer().listener(new Witness("first", told, "ended")).listener(new Witness("second", told, "stepped"))
                .listener(new Witness("third", told, "ended"));
        IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> trainer.train(DATA));
        assertEquals("second in stepped", thrown.getMessage());
        assertEquals(List.of("first in ended", "third in ended"), List.of(thrown.getSuppressed()).stream().map(Throwable::getMessage)
                .toList());
        assertEquals(List.of("first started", "second started", "third started", "first stepped", "second stepped", "first ended",
                "second ended", "third ended"), told);
    }

    @Test
    void onesThatThrowAfterATraining() {
        RuntimeException first = new IllegalStateException("first");
        Error second = new AssertionError("second");
        Trainer trainer = trainer().listener(throwing(first)).listener(throwing(second)).listener(throwing(first));
        assertSame(first, assertThrows(IllegalStateException.class, () -> trainer.train(DATA)));
        assertEquals(List.of(second), List.of(first.getSuppressed()));
        Trainer another = trainer().listener(throwing(second));
        assertSame(second, assertThrows(AssertionError.class, () -> another.train(DATA)));
    }

    private static TrainingListener throwing(Throwable failure) {
        return new TrainingListener() {
            @Override
            public void ended(History history) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            }
        };
    }
}
