package io.baton.orchestrator.testkit.planted;

import io.baton.orchestrator.testkit.Fault;
import java.util.List;

/**
 * The production code with a mistake in what is stored and sent. Mistakes of the machine, and of how a participant treats
 * a command, are planted in the pure proofs, which find them within milliseconds; these need a database.
 */
enum PlantedMistake {
    NOBODY_LOOKS_WHETHER_A_COMMAND_IS_KNOWN(Fault.COMMAND_TWICE,
            messaging("CommandReceiver", "memory.putAll(outcomes.find(keys));", ""),
            messaging("Outcomes", "if (inserted != sorted.size()) {", "if (inserted > sorted.size()) {")),
    A_COMPENSATION_IS_CARRIED_OUT_AS_OFTEN_AS_IT_COMES(Fault.COMMAND_TWICE,
            messaging("Treatment", "if (outcome != null) {", "if (outcome != null && !command.isCompensation()) {"),
            messaging("Outcomes", "if (inserted != sorted.size()) {", "if (inserted > sorted.size()) {")),
    A_NEW_ATTEMPT_COUNTS_AS_A_NEW_COMMAND(Fault.REPLY_LOST_ONCE,
            messaging(
                    "CommandReceiver",
                    "return own == null ? null : own.status();",
                    "return own == null || own.attempt() != command.attempt() ? null : own.status();"),
            messaging("Outcomes", "if (inserted != sorted.size()) {", "if (inserted > sorted.size()) {")),
    RECORDS_ARE_ACKNOWLEDGED_BEFORE_THEIR_TRANSACTION(Fault.PARTICIPANT_DIES_BEFORE_COMMIT,
            messaging(
                    "BatchTransaction",
                    "CollectedOutput.bind(output);",
                    "next.forEach((partition, offset) -> positions.save(List.of("
                            + "new Advance(partition, offset, expected.get(partition).topicId, null))));"
                            + "CollectedOutput.bind(output);"),
            messaging("BatchTransaction", "stored == null || stored != known", "stored == null")),
    POSITIONS_ARE_NOT_ADVANCED(Fault.COMMAND_TWICE, messaging("BatchTransaction", "positions.save(advances);", "")),
    A_FORMER_OWNER_IS_NOT_STOPPED(Fault.PARTICIPANT_STANDS_STILL,
            messaging("BatchTransaction", "requireExpected(locked, next, expected);", "")),
    REPLIES_ARE_SENT_BEFORE_THE_COMMIT(Fault.PARTICIPANT_DIES_BEFORE_COMMIT, messaging(
            "BatchTransaction",
            "committed = transact(expected, records, (locked, output) -> dispatch(records, locked, output));",
            "committed = transact(expected, records, (locked, output) -> {"
                    + "dispatch(records, locked, output);"
                    + "sink.committed(new Committed(output.all(), Map.of(), 0)); });")),
    WHAT_IS_NOT_SENT_YET_IS_FORGOTTEN(Fault.PARTICIPANT_DIES_AFTER_COMMIT, messaging("BatchTransaction", "output.packed(partition))", "null)")),
    A_DEAD_LETTER_IS_NOT_WRITTEN(Fault.DAMAGED, messaging(
            "CollectedOutput", "add(partition, MessageCodec.deadLetter(record, exceptionClass, reason));", "")),
    TWO_MAY_CHANGE_A_SAGA_AT_ONCE(Fault.ORCHESTRATOR_TWICE_AT_ONCE,
            execution("Sagas", "+ \"ORDER BY s.id FOR UPDATE OF s\",", "+ \"ORDER BY s.id\","),
            execution("Sagas", "WHERE s.id = new.id AND s.version = new.loaded", "WHERE s.id = new.id")),
    TIMERS_ARE_NOT_STORED(Fault.LOST_ONCE, execution("SagaTimers", "AND s.phase IN (0, 1) ORDER BY", "AND s.phase IN (9) ORDER BY")),
    A_STUCK_SAGA_IS_HIDDEN(Fault.FAILS_FOR_EVER, execution("SagaExecutor", "stuck.keep(changes.stuck(), changes.now());", "")),
    AN_OLD_ANSWER_IS_READ(Fault.FAILS_ONCE, execution(
            "SagaQueries",
            "return select(FROM + \"WHERE s.id = ?\", id).stream().findFirst();",
            "return SEEN.computeIfAbsent(id, _ -> select(FROM + \"WHERE s.id = ?\", id).stream().findFirst()); }"
                    + "private static final java.util.Map<Long, Optional<Snapshot>> SEEN = "
                    + "new java.util.concurrent.ConcurrentHashMap<>(); static {"));

    private final Fault foundBy;
    private final List<Edit> edits;

    PlantedMistake(Fault foundBy, Edit... edits) {
        this.foundBy = foundBy;
        this.edits = List.of(edits);
    }

    /** What goes wrong in the first cell that does not hold. */
    Fault foundBy() {
        return foundBy;
    }

    List<Edit> edits() {
        return edits;
    }

    private static Edit messaging(String type, String right, String wrong) {
        return new Edit("transactional-messaging", "io.baton.messaging." + type, right, wrong);
    }

    private static Edit execution(String type, String right, String wrong) {
        return new Edit("saga-orchestrator", "io.baton.orchestrator.execution." + type, right, wrong);
    }
}
