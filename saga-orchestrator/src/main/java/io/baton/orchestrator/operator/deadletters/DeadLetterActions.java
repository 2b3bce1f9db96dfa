package io.baton.orchestrator.operator.deadletters;

import io.baton.orchestrator.operator.deadletters.DeadLetterView.Allowed;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What operators can do with dead letters. */
final class DeadLetterActions {

    static final String REDRIVE = "redrive";
    static final String DISCARD = "discard";

    private DeadLetterActions() {}

    static List<Allowed> allowed(DeadLetter letter) {
        String topic = letter.redriveTopic();
        String whyNotRedrive = whyNotRedrive(letter);
        String whyNotDiscard = whyNotDiscard(letter);
        return List.of(
                new Allowed(
                        REDRIVE,
                        whyNotRedrive == null,
                        whyNotRedrive,
                        topic == null
                                ? "Sends nothing."
                                : "Sends the record to " + topic + " once more, with its key, headers and bytes as they"
                                        + " came. It is harmless if it is late: whoever knows it already does nothing."),
                new Allowed(DISCARD, whyNotDiscard == null, whyNotDiscard, "Marks it as seen to; sends nothing."));
    }

    static @Nullable String whyNotRedrive(DeadLetter letter) {
        if (letter.redriveTopic() == null) {
            return "It tells of a stuck saga, and nobody reads it: act on the saga, then discard this.";
        }
        if (letter.settlement().status().equals("REDRIVEN")) {
            return "It was sent again already; if it was put aside again, that is another dead letter.";
        }
        if (!letter.isComplete()) {
            return "It is larger than " + DeadLetterRecords.KEPT_BYTES_MAX + " bytes, which are the most that are kept"
                    + " here: copy it from its topic with the broker's tools.";
        }
        return null;
    }

    static @Nullable String whyNotDiscard(DeadLetter letter) {
        return letter.settlement().status().equals("NEW")
                ? null
                : "It is not new: it was " + letter.settlement().status().toLowerCase(Locale.ROOT)
                        + " already.";
    }
}
