package io.baton.orchestrator.saga;

import io.baton.messaging.OutcomeStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a participant knows of one step, and what happened there.
 *
 * @param action what is remembered of the action; null if nothing is
 * @param compensation what is remembered of the compensation; null if nothing is
 * @param actionAttempt which attempt is answered when a pending action has its answer
 * @param compensationAttempt the same of the compensation
 * @param done how often the action took effect
 * @param undone how often the compensation did
 */
record Knowledge(
        @Nullable OutcomeStatus action,
        @Nullable OutcomeStatus compensation,
        int actionAttempt,
        int compensationAttempt,
        int done,
        int undone) {

    static final Knowledge NOTHING = new Knowledge(null, null, 0, 0, 0, 0);

    /** Of a step that was done before its saga began. */
    static final Knowledge GIVEN = new Knowledge(null, null, 0, 0, 1, 0);

    boolean isInEffect() {
        return done > undone;
    }

    boolean isUndone() {
        return done > 0 && done <= undone;
    }

    /** Whether no command of the step has come to anything here. */
    boolean isUntouched() {
        return action == null && compensation == null && undone == 0;
    }

    /** Whether something was begun that has no answer yet. */
    boolean isUnderWay() {
        return action == OutcomeStatus.PENDING || compensation == OutcomeStatus.PENDING;
    }

    /** Whether neither the action nor the compensation can change anything any more. */
    boolean isSettled() {
        return !isInEffect() && !isUnderWay() && (action != null || compensation != null);
    }

    /** Whether it is the same, whichever attempt is to be answered. */
    boolean isButForAttempts(Knowledge other) {
        return action == other.action
                && compensation == other.compensation
                && done == other.done
                && undone == other.undone;
    }

    Knowledge withAction(@Nullable OutcomeStatus status, int attempt, int times) {
        return new Knowledge(
                status,
                compensation,
                status == OutcomeStatus.PENDING ? attempt : 0,
                compensationAttempt,
                done + times,
                undone);
    }

    Knowledge withCompensation(@Nullable OutcomeStatus status, int attempt, int times) {
        return new Knowledge(
                action,
                status,
                actionAttempt,
                status == OutcomeStatus.PENDING ? attempt : 0,
                done,
                undone + times);
    }
}
