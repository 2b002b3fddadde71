package lanewise.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.layer.Node;
import lanewise.layer.Parameter;

/** What a resumed run must share with the one before, by names that a message can show. Epochs, threads and memory are free. */
record Settings(Trainer trainer, Dataset data) {

    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Node node : trainer.network.nodes()) {
            texts.put("node " + node.name(), (node.layer() == null ? "input" : text(node.layer())) + " of "
                    + node.inputs().stream().map(Node::name).toList() + " to " + node.shape());
        }
        List<String> frozen = trainer.network.parameters().views().stream()
                .filter(view -> view.trainable() && !trainer.network.parameters().isTrained(view)).map(Parameter::name).toList();
        texts.put("list of frozen parameters", frozen.toString());
        texts.put("winograd", "" + trainer.winograd);
        texts.put("loss", text(trainer.loss));
        texts.put("optimiser", text(trainer.optimizer));
        texts.put("clipping", text(trainer.clipping));
        texts.put("augmentation", text(trainer.augmentation));
        texts.put("seed", "" + trainer.seed);
        texts.put("batch", "" + trainer.batch);
        texts.put("number of training examples", "" + data.size());
        texts.put("number of validation examples", trainer.validation == null ? "none" : "" + trainer.validation.size());
        texts.put("early stopping", trainer.patience > 0 ? "on" : "off");
        return texts;
    }

    /** What an object says of itself, without addresses in memory, which the next JVM would not repeat. */
    private static String text(Object object) {
        return object == null ? "none" : object.toString().replaceAll("(/0x[0-9a-f]+)?@[0-9a-f]+", "");
    }
}
