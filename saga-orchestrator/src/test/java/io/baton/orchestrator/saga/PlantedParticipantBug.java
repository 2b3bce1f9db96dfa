package io.baton.orchestrator.saga;

import io.baton.messaging.OutcomeStatus;
import io.baton.messaging.Treatment;
import io.baton.messaging.Treatment.Known;
import io.baton.orchestrator.saga.Participant.Says;
import org.jspecify.annotations.Nullable;

/** How participants treat commands, with a mistake that somebody has made before. */
enum PlantedParticipantBug implements Participant.Rules {
    NO_COMMAND_IS_REMEMBERED {
        @Override
        public Treatment treatment(Known command, int attempt) {
            return asIfUnknown(command);
        }
    },
    EVERY_ATTEMPT_HAS_A_KEY_OF_ITS_OWN {
        @Override
        public Treatment treatment(Known command, int attempt) {
            return attempt == 1
                    ? Treatment.of(command)
                    : asIfUnknown(command);
        }
    },
    COMPENSATIONS_ARE_NOT_REMEMBERED {
        @Override
        public Treatment treatment(Known command, int attempt) {
            return command.isCompensation()
                    ? asIfUnknown(command)
                    : Treatment.of(command);
        }
    },
    NO_TOMBSTONE_IS_LEFT {
        @Override
        public Treatment treatment(Known command, int attempt) {
            Treatment right = Treatment.of(command);
            return right == Treatment.LEAVE_TOMBSTONE ? Treatment.SAY_NOTHING_TO_UNDO : right;
        }
    },
    A_PROBE_CARRIES_OUT_WHAT_IT_ASKS_FOR {
        @Override
        public Treatment treatment(Known command, int attempt) {
            return Treatment.of(new Changed(command, command.outcome(), false));
        }
    },
    WHAT_IS_UNDER_WAY_IS_BEGUN_AGAIN {
        @Override
        public Treatment treatment(Known command, int attempt) {
            Treatment right = Treatment.of(command);
            return right == Treatment.AWAIT_ANSWER ? Treatment.CARRY_OUT : right;
        }
    },
    WHAT_IS_UNDER_WAY_IS_NOT_UNDONE {
        @Override
        public Treatment treatment(Known command, int attempt) {
            Treatment right = Treatment.of(command);
            return right == Treatment.CARRY_OUT
                            && command.isCompensation()
                            && command.actionsOutcome() == OutcomeStatus.PENDING
                    ? Treatment.SAY_NOTHING_TO_UNDO
                    : right;
        }
    },
    A_REFUSED_ACTION_IS_UNDONE {
        @Override
        public Treatment treatment(Known command, int attempt) {
            Treatment right = Treatment.of(command);
            return right == Treatment.SAY_NOTHING_TO_UNDO ? Treatment.CARRY_OUT : right;
        }
    },
    WHAT_FAILED_AND_WAS_UNDONE_MAY_BEGIN_AGAIN {
        @Override
        public @Nullable OutcomeStatus afterWaiting(Says says, boolean isCompensation, boolean isCompensated) {
            return Participant.Rules.AS_THEY_ARE.afterWaiting(says, isCompensation, false);
        }
    };

    private static Treatment asIfUnknown(Known command) {
        return Treatment.of(new Changed(command, null, command.isProbe()));
    }

    /** The command, with something else known of it. */
    private record Changed(Known right, @Nullable OutcomeStatus outcome, boolean isProbe) implements Known {

        @Override
        public @Nullable OutcomeStatus actionsOutcome() {
            return right.actionsOutcome();
        }

        @Override
        public boolean isCompensation() {
            return right.isCompensation();
        }

        @Override
        public boolean isActionGiven() {
            return right.isActionGiven();
        }

        @Override
        public boolean isExpired() {
            return right.isExpired();
        }

        @Override
        public boolean isPerhapsForgotten() {
            return right.isPerhapsForgotten();
        }
    }
}
