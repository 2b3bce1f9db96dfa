package io.baton.orchestrator.saga;

/**
 * What a step's action leads to when it is not done. A compensation has no such choice: it is sent until it is done, or
 * its attempts are spent.
 *
 * @param onSilence no answer within the timeout, so that its outcome is unknown
 * @param onFailure it did not work this time, for a technical reason
 * @param onRefusal a business "no"
 */
public record Reactions(Reaction onSilence, Reaction onFailure, Reaction onRefusal) {

    /** Silence and failure are met with patience; a refusal turns the saga back, where that is still possible. */
    static Reactions defaultsOf(StepKind kind) {
        return new Reactions(
                Reaction.RESEND,
                Reaction.RESEND,
                kind == StepKind.RETRIABLE ? Reaction.RESEND : Reaction.COMPENSATE);
    }
}
