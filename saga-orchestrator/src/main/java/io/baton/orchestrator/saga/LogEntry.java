package io.baton.orchestrator.saga;

import org.jspecify.annotations.Nullable;

/**
 * A line of the saga's log: one change, and what caused it.
 *
 * @param from the state seen before; null for the first line
 * @param to the state seen after
 * @param step the step whose answer, silence or failure caused the change
 * @param direction of the command that was answered or sent again
 * @param attempt of that command; 0 if there was none
 * @param outcome {@code STARTED}, the answer's kind, {@code TIMEOUT}, {@code RETRY}, {@code DEADLINE},
 *     {@code CANCEL}, {@code STUCK} or {@code DEFINITION_FOUND}
 * @param detail a code and a sentence; null if there is nothing to say
 * @param actor the person who caused it; null if nobody did
 */
public record LogEntry(
        @Nullable String from,
        String to,
        @Nullable String step,
        @Nullable Direction direction,
        int attempt,
        String outcome,
        @Nullable String detail,
        @Nullable String actor) {}
