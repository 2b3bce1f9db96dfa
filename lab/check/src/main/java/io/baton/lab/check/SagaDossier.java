package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.lab.check.StackDescription.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One saga with its log and with what the participants remember of its commands. */
record SagaDossier(long id, @Nullable Head head, List<LogRow> log, List<OutcomeRow> outcomes) {

    /** The saga's row; {@code definition} is empty if there is no data of it. */
    record Head(int phase, int version, String state, String definition) {

        boolean ended() {
            return phase == 2 || phase == 3;
        }
    }

    /** A line of the log. Positions are {@code topic-partition@offset}. */
    record LogRow(
            int seq,
            @Nullable String from,
            String to,
            @Nullable String step,
            @Nullable String direction,
            String outcome,
            @Nullable String commandPosition,
            @Nullable String replyPosition) {

        boolean isDone(String wantedDirection) {
            return outcome.equals("DONE") && wantedDirection.equals(direction);
        }

        /** Whether an operator saw to the step, and the saga took his word. */
        boolean isAnOperators() {
            return outcome.equals("SKIPPED") || outcome.startsWith("RESOLVED_");
        }
    }

    /** What {@code service} remembers of a command. */
    record OutcomeRow(Service service, String step, int direction, int status) {

        static final int PENDING = 0;
        static final int DONE = 1;
        static final int REFUSED = 2;
        static final int TOMBSTONE = 3;

        String directionName() {
            return direction == 0 ? "ACTION" : "COMPENSATION";
        }
    }

    String name() {
        return Tsid.format(id);
    }
}
