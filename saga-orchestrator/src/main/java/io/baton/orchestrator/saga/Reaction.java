package io.baton.orchestrator.saga;

/** What a saga does when a step's action is not simply done. */
public enum Reaction {
    /** Send the same command again, after a pause if it failed, as often as the step's policy allows. */
    RESEND,
    /** Ask the participant what came of the command, and send it again only if it never took effect. */
    PROBE,
    /** Undo what was done, and what may have been done. */
    COMPENSATE,
    /** Wait for a person. */
    STUCK
}
