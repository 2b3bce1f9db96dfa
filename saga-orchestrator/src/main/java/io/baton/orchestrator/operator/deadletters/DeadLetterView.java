package io.baton.orchestrator.operator.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.contract.SagaId;
import io.baton.contract.Tsid;
import io.baton.orchestrator.operator.deadletters.DeadLetter.Origin;
import io.baton.orchestrator.operator.deadletters.DeadLetter.RawHeader;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as an operator sees it.
 *
 * @param id where it lies, as {@code topic-partition-offset}
 * @param origin where it was read before it was put aside, as {@code topic-partition@offset}; null if nowhere
 * @param orderId its key, if that is an id
 * @param headers of one name the last; only when one is asked for, like everything below
 * @param body as text, without personal data; null if it has none or was too large to be kept
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeadLetterView(
        String id,
        String topic,
        @Nullable String key,
        @Nullable String type,
        String reason,
        @Nullable String origin,
        Instant at,
        @Nullable String sagaId,
        @Nullable String orderId,
        int bytes,
        String status,
        @Nullable Instant settledAt,
        @Nullable String settledBy,
        @Nullable String settledWhy,
        @Nullable String exception,
        @Nullable Map<String, String> headers,
        @Nullable String body,
        @Nullable List<Allowed> allowedActions) {

    private static final int HEADER_MAX = 4_000;

    /** What can be done with it, or why not; effect is one sentence. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Allowed(String action, boolean allowed, @Nullable String why, String effect) {}

    /** Some, newest first; next is what to pass as cursor to see older ones, null if there are none. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Page(List<DeadLetterView> items, Map<String, Long> counts, @Nullable String next, Instant asOf) {}

    static DeadLetterView inList(DeadLetter letter) {
        return of(letter, null, null, null);
    }

    static DeadLetterView inFull(DeadLetter letter) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (RawHeader header : letter.headers()) {
            String value = header.value() == null ? "" : DeadLetter.text(header.value());
            headers.put(
                    header.nameAsText(),
                    value.length() <= HEADER_MAX ? value : value.substring(0, HEADER_MAX) + "…");
        }
        return of(
                letter,
                headers,
                letter.body() == null ? null : BodyText.of(letter.body()),
                DeadLetterActions.allowed(letter));
    }

    private static DeadLetterView of(
            DeadLetter letter,
            @Nullable Map<String, String> headers,
            @Nullable String body,
            @Nullable List<Allowed> allowed) {
        Origin origin = letter.origin();
        String key = letter.key() == null ? null : DeadLetter.text(letter.key());
        return new DeadLetterView(
                letter.id().toString(),
                letter.id().topic(),
                key,
                letter.type(),
                letter.reason(),
                origin == null ? null : origin.toString(),
                letter.at(),
                letter.sagaId() == null ? null : new SagaId(letter.sagaId()).toString(),
                key != null && isId(key) ? key : null,
                letter.bytes(),
                letter.settlement().status(),
                letter.settlement().at(),
                letter.settlement().by(),
                letter.settlement().why(),
                headers == null ? null : letter.exception(),
                headers,
                body,
                allowed);
    }

    private static boolean isId(String key) {
        try {
            Tsid.parse(key);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
