package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.SagaDefinitions;
import io.baton.orchestrator.execution.SagaQueries.LogLine;
import io.baton.orchestrator.execution.StoredSaga;
import io.baton.orchestrator.saga.Direction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a saga's log as a Mermaid sequence diagram: its commands, what was answered, and what it became. */
final class SequenceDiagram {

    private static final String ORCHESTRATOR = "orchestrator";

    private SequenceDiagram() {}

    static String of(StoredSaga saga, List<LogLine> log, SagaDefinitions definitions) {
        StringBuilder text = new StringBuilder("sequenceDiagram\n    participant " + ORCHESTRATOR + "\n");
        for (LogLine line : log) {
            String participant = participant(saga, line, definitions);
            if (participant != null && line.message() != null) {
                text.append("    " + ORCHESTRATOR + "->>" + participant + ": " + plain(line.message()));
                text.append(line.attempt() == null || line.attempt() < 2 ? "" : ", attempt " + line.attempt());
                text.append('\n');
                text.append(line.replyPosition() == null
                        ? "    Note over " + participant + ": " + plain(line.outcome())
                        : "    " + participant + "-->>" + ORCHESTRATOR + ": " + plain(line.outcome()));
                text.append('\n');
            } else {
                text.append("    Note over " + ORCHESTRATOR + ": " + plain(line.outcome()));
                text.append(line.actor() == null ? "" : " by " + plain(line.actor())).append('\n');
            }
            if (!line.to().equals(line.from())) {
                text.append("    Note right of " + ORCHESTRATOR + ": " + plain(line.to())).append('\n');
            }
        }
        return text.toString();
    }

    private static @Nullable String participant(StoredSaga saga, LogLine line, SagaDefinitions definitions) {
        return line.step() == null || line.direction() == null
                ? null
                : definitions.participant(saga, line.step(), Direction.valueOf(line.direction()));
    }

    /** What cannot be taken for a part of the diagram's language. */
    private static String plain(String text) {
        return text.replaceAll("[^\\p{L}\\p{N}_.@/ -]", "?");
    }
}
