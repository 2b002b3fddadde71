package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtProfileTest {

    @Test
    void nodesOfEachCallWithoutReordering(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("profile.json"), """
                [
                {"cat" : "Session","pid" :1,"tid" :1,"dur" :99,"ts" :4,"ph" : "X","name" :"session_initialization","args" : {}},
                {"cat" : "Node","dur" :7,"ts" :5,"name" :"ReorderInput_kernel_time","args" : {"op_name" : "ReorderInput"}},
                {"cat" : "Node","dur" :20,"ts" :5,"name" :"a_kernel_time","args" : {"node_index" : "1","op_name" : "Conv"}},
                {"cat" : "Node","dur" :3,"ts" :5,"name" :"b_kernel_time","args" : {"shape" : [{"float":[1]}],"op_name" : "Relu"}},
                {"cat" : "Session","dur" :31,"ts" :5,"name" :"SequentialExecutor::Execute","args" : {}},
                {"cat" : "Session","dur" :33,"ts" :5,"name" :"model_run","args" : {}},
                {"cat" : "Node","dur" :10,"ts" :5,"name" :"a_kernel_time","args" : {"op_name" : "Conv"}},
                {"cat" : "Session","dur" :12,"ts" :5,"name" :"model_run","args" : {}}
                ]
                """);
        assertArrayEquals(new double[] {24e3, 10.5e3}, OrtProfile.callNanos(file));
    }
}
