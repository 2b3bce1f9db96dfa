package io.baton.messaging;

import io.baton.contract.CommandFailed;
import io.baton.contract.Outcome;
import io.baton.contract.Refusal;
import java.time.Duration;

/** What a command handler says of one command. Which kind it is travels in the reply and is never guessed. */
public sealed interface Answer {

    /** The command took effect. Remembered: the same command again gets the same answer and has no further effect. */
    record Done(Outcome outcome) implements Answer {}

    /** A business "no": nothing was done, and never will be for this command. Remembered like {@link Done}. */
    record Refused(Refusal refusal) implements Answer {}

    /**
     * It did not work this time, for a technical reason; nothing was done. Not remembered: the next attempt is handled
     * anew.
     */
    record Failed(CommandFailed failure) implements Answer {}

    /**
     * The answer will be given by {@link LateAnswers} in a later transaction, because it depends on an outside system.
     * The handler has recorded its intention in this transaction; until the answer is there, further copies of the
     * command are answered with silence.
     */
    record Later() implements Answer {}

    static Answer done(Outcome outcome) {
        return new Done(outcome);
    }

    static Answer refused(Refusal refusal) {
        return new Refused(refusal);
    }

    static Answer failed(String code, String message, Duration retryAfter) {
        return new Failed(new CommandFailed(code, message, retryAfter.toMillis()));
    }

    static Answer later() {
        return new Later();
    }
}
