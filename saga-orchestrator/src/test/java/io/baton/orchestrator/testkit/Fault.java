package io.baton.orchestrator.testkit;

/** What can go wrong with one command. */
public enum Fault {
    REFUSED("is refused", true),
    FAILS_ONCE("fails once", false),
    FAILS_FOR_EVER("fails for ever", true),
    LOST_ONCE("times out before its effect", false),
    LOST_FOR_EVER("never arrives", true),
    REPLY_LOST_ONCE("times out after its effect", false),
    REPLY_LOST_FOR_EVER("is never answered", true),
    COMMAND_TWICE("arrives twice", false),
    REPLY_TWICE("is answered twice, the second time under a new message id", false),
    REPLY_LATE("is answered after it timed out", false),
    REPLY_AFTER_THE_END("is answered again when the saga has ended", false),
    PARTICIPANT_DIES_BEFORE_COMMIT("is handled by a participant that dies before its commit", false),
    PARTICIPANT_DIES_AFTER_COMMIT("is handled by a participant that dies after its commit, before its reply", false),
    PARTICIPANT_DIES_AFTER_SEND("is handled by a participant that dies after its reply", false),
    PARTICIPANT_STANDS_STILL("is handled by a participant that stood still while its successor handled it", false),
    DAMAGED("arrives damaged, at a participant that dies before its dead letter is sent", false),
    ORCHESTRATOR_DIES_BEFORE_COMMIT("is answered, and the orchestrator dies before its commit", false),
    ORCHESTRATOR_DIES_AFTER_COMMIT("is answered, and the orchestrator dies after its commit", false),
    ORCHESTRATOR_DIES_AFTER_SEND("is answered, and the orchestrator dies after it sent what follows", false),
    ORCHESTRATOR_TWICE_AT_ONCE("is answered twice, to two orchestrators at the same moment", false);

    private final String words;
    private final boolean lasting;

    Fault(String words, boolean lasting) {
        this.words = words;
        this.lasting = lasting;
    }

    /** Whether it also befalls every further attempt. */
    boolean isLasting() {
        return lasting;
    }

    /** Whether the command took effect although it counts as unanswered. */
    boolean leavesAnEffect() {
        return this == REPLY_LOST_ONCE || this == REPLY_LOST_FOR_EVER || this == REPLY_LATE;
    }

    /** Whether nothing is lost by it and nothing fails, so that no saga has to wait for anything. */
    boolean losesNothing() {
        return switch (this) {
            case COMMAND_TWICE,
                    REPLY_TWICE,
                    REPLY_AFTER_THE_END,
                    PARTICIPANT_DIES_BEFORE_COMMIT,
                    PARTICIPANT_DIES_AFTER_COMMIT,
                    PARTICIPANT_DIES_AFTER_SEND,
                    PARTICIPANT_STANDS_STILL,
                    ORCHESTRATOR_DIES_BEFORE_COMMIT,
                    ORCHESTRATOR_DIES_AFTER_COMMIT,
                    ORCHESTRATOR_DIES_AFTER_SEND,
                    ORCHESTRATOR_TWICE_AT_ONCE -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
