package io.baton.orchestrator.saga;

import io.baton.contract.OrderId;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.order.OrderCompleted;
import io.baton.messaging.Answer;
import io.baton.messaging.OutcomeStatus;
import io.baton.messaging.Treatment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the participants of a saga do with commands. The messaging's production code decides what is done with each, and
 * what is remembered of it; the world decides what the handlers answer.
 *
 * <p>Commands come in time: none is past its expiry, and none of a saga so old that it may have been forgotten.
 *
 * <p>A handler whose action may be answered later behaves as card payments do: a compensation that comes while the action
 * is under way waits for it and is answered after it, or fails.
 */
final class Participant {

    /** Nothing is said yet. */
    static final int SILENCE = -1;

    /** How a command is treated: as production does it, or with a planted bug in its place. */
    interface Rules {

        Rules AS_THEY_ARE = new Rules() {};

        default Treatment treatment(Treatment.Known command, int attempt) {
            return Treatment.of(command);
        }

        default @Nullable OutcomeStatus afterWaiting(Says says, boolean isCompensation, boolean isCompensated) {
            return OutcomeStatus.afterWaiting(says.answer, way(isCompensation), () -> isCompensated);
        }
    }

    /** What a handler answers. */
    enum Says {
        DONE(Answer.done(new OrderCompleted(new OrderId(1))), Message.DONE),
        REFUSED(Answer.refused(new DeliveryRefused(new OrderId(1), "NO", "No.")), Message.REFUSED),
        FAILED(Answer.failed("BROKEN", "Broken.", Duration.ZERO), Message.FAILED),
        LATER(Answer.later(), SILENCE);

        private final Answer answer;
        private final int reply;

        Says(Answer answer, int reply) {
            this.answer = answer;
            this.reply = reply;
        }
    }

    /**
     * What comes of a command, or of an answer that was awaited.
     *
     * @param treatment what was done with it; of an awaited answer, that it was carried out
     * @param reply what is answered, as in {@link Message}, or {@link #SILENCE}
     * @param attempt to which attempt
     */
    record Handled(Treatment treatment, Knowledge knowledge, int reply, int attempt) {}

    private final Rules rules;

    Participant(Rules rules) {
        this.rules = rules;
    }

    Treatment treatment(Knowledge knowledge, int command, boolean isGiven) {
        return rules.treatment(new Arrived(knowledge, command, isGiven), Message.attempt(command));
    }

    /** Handles a command. What a handler would say matters only if the treatment is to carry the command out. */
    Handled handle(Knowledge knowledge, int command, boolean isGiven, Says says) {
        boolean goesBack = Message.isCompensation(command);
        int attempt = Message.attempt(command);
        Treatment treatment = treatment(knowledge, command, isGiven);
        return switch (treatment) {
            case ANSWER_AGAIN -> {
                OutcomeStatus known = goesBack ? knowledge.compensation() : knowledge.action();
                int reply = known == OutcomeStatus.DONE ? Message.DONE : Message.REFUSED;
                yield new Handled(treatment, knowledge, reply, attempt);
            }
            case AWAIT_ANSWER ->
                new Handled(treatment, awaiting(knowledge, goesBack, attempt), SILENCE, attempt);
            case SAY_FORGOTTEN, SAY_NEVER_SEEN, SAY_EXPIRED -> new Handled(treatment, knowledge, Message.FAILED, attempt);
            case LEAVE_TOMBSTONE -> new Handled(
                    treatment,
                    knowledge.withAction(OutcomeStatus.TOMBSTONE, 0, 0).withCompensation(OutcomeStatus.DONE, 0, 0),
                    Message.DONE,
                    attempt);
            case SAY_NOTHING_TO_UNDO -> new Handled(
                    treatment, knowledge.withCompensation(OutcomeStatus.DONE, 0, 0), Message.DONE, attempt);
            case CARRY_OUT -> {
                boolean waits =
                        goesBack && says != Says.FAILED && knowledge.action() == OutcomeStatus.PENDING;
                Says said = waits ? Says.LATER : says;
                yield concluded(knowledge, goesBack, OutcomeStatus.after(said.answer, way(goesBack)), said, attempt);
            }
        };
    }

    /** Gives the answer that is awaited, the action's first. */
    Handled answerLater(Knowledge knowledge, Says says) {
        boolean goesBack = knowledge.action() != OutcomeStatus.PENDING;
        OutcomeStatus status = rules.afterWaiting(says, goesBack, knowledge.compensation() != null);
        int attempt = goesBack ? knowledge.compensationAttempt() : knowledge.actionAttempt();
        return concluded(knowledge, goesBack, status, says, attempt);
    }

    private static Handled concluded(
            Knowledge knowledge, boolean goesBack, @Nullable OutcomeStatus status, Says said, int attempt) {
        int times = said == Says.DONE ? 1 : 0;
        int reply = status == OutcomeStatus.TOMBSTONE
                ? Message.REFUSED
                : status == null ? Message.FAILED : said.reply;
        // What did not take effect, as a pending action may turn out, is not undone.
        int undone = knowledge.done() > 0 ? times : 0;
        Knowledge known = goesBack
                ? knowledge.withCompensation(status, attempt, undone)
                : knowledge.withAction(status, attempt, times);
        return new Handled(Treatment.CARRY_OUT, known, reply, attempt);
    }

    private static Knowledge awaiting(Knowledge knowledge, boolean goesBack, int attempt) {
        return goesBack
                ? knowledge.withCompensation(
                        OutcomeStatus.PENDING, Math.max(attempt, knowledge.compensationAttempt()), 0)
                : knowledge.withAction(OutcomeStatus.PENDING, Math.max(attempt, knowledge.actionAttempt()), 0);
    }

    private static io.baton.messaging.Direction way(boolean goesBack) {
        return goesBack ? io.baton.messaging.Direction.COMPENSATION : io.baton.messaging.Direction.ACTION;
    }

    /** A command that has arrived, in time. */
    private record Arrived(Knowledge knowledge, int command, boolean isActionGiven) implements Treatment.Known {

        @Override
        public @Nullable OutcomeStatus outcome() {
            return isCompensation() ? knowledge.compensation() : knowledge.action();
        }

        @Override
        public @Nullable OutcomeStatus actionsOutcome() {
            return knowledge.action();
        }

        @Override
        public boolean isCompensation() {
            return Message.isCompensation(command);
        }

        @Override
        public boolean isProbe() {
            return Message.what(command) == Message.PROBE;
        }

        @Override
        public boolean isExpired() {
            return false;
        }

        @Override
        public boolean isPerhapsForgotten() {
            return false;
        }
    }
}
