package io.baton.orchestrator.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.StateDiagram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The committed diagram. To write it anew, run with {@code -Dbaton.diagram.write=true}. */
class StateDiagramTest {

    private static final Path DIAGRAM = Path.of("docs/state-machine.mmd");

    @Test
    void the_committed_diagram_is_what_the_machine_does() throws IOException {
        String printed = StateDiagram.of(OrderFulfilment.definition());
        if (Boolean.getBoolean("baton.diagram.write")) {
            Files.writeString(DIAGRAM, printed);
        }
        assertThat(Files.readString(DIAGRAM))
                .as("%s is stale; write it anew with -Dbaton.diagram.write=true", DIAGRAM)
                .isEqualTo(printed);
    }
}
