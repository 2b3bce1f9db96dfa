package io.baton.orchestrator.operator.deadletters;

import io.baton.contract.SagaId;
import io.baton.http.ProblemException;
import io.baton.http.Violation;
import io.baton.orchestrator.operator.deadletters.DeadLetters.Filter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** The dead letters: {@code /actuator/deadletters}. */
@Component
@WebEndpoint(id = "deadletters")
class DeadLettersEndpoint {

    private static final int LIMIT = 50;
    private static final int MOST = 500;
    private static final Set<String> STATUSES = Set.of("NEW", "REDRIVEN", "DISCARDED");

    private final DeadLetters letters;
    private final Clock clock;

    DeadLettersEndpoint(DeadLetters letters, Clock clock) {
        this.letters = letters;
        this.clock = clock;
    }

    /**
     * Those that were read last.
     *
     * @param topic only those in this topic
     * @param status only {@code NEW}, {@code REDRIVEN} or {@code DISCARDED} ones
     * @param sagaId only those that name this saga
     * @param limit how many at most, 50 if it is not said
     * @param cursor a page's {@code next}
     * @throws ProblemException for a parameter that cannot be understood
     */
    @ReadOperation
    DeadLetterView.Page letters(
            @Nullable String topic,
            @Nullable String status,
            @Nullable String sagaId,
            @Nullable String limit,
            @Nullable String cursor) {
        int most = limit == null ? LIMIT : parse("limit", limit, "a whole number from 1 to " + MOST, DeadLettersEndpoint::bounded);
        Filter filter = new Filter(
                topic,
                status == null ? null : parse("status", status, "NEW, REDRIVEN or DISCARDED", DeadLettersEndpoint::status),
                sagaId == null
                        ? null
                        : parse("sagaId", sagaId, "a saga id of 13 characters", text -> SagaId.parse(text).value()),
                cursor == null ? Long.MAX_VALUE : parse("cursor", cursor, "a page's next", Long::parseLong),
                most);
        List<DeadLetter> found = letters.find(filter);
        return new DeadLetterView.Page(
                found.stream().map(DeadLetterView::inList).toList(),
                letters.countByStatus(),
                found.size() == most ? Long.toString(found.getLast().order()) : null,
                clock.instant());
    }

    /** @throws ProblemException if there is no such dead letter */
    @ReadOperation
    DeadLetterView letter(@Selector String id) {
        DeadLetterId place = parse("id", id, "topic-partition-offset", DeadLetterId::parse);
        return letters.find(place).map(DeadLetterView::inFull).orElseThrow(() -> noSuch(place));
    }

    private static ProblemException noSuch(DeadLetterId id) {
        return ProblemException.notFound("There is no dead letter " + id + ".");
    }

    private static int bounded(String text) {
        int limit = Integer.parseInt(text);
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("out of range");
        }
        return limit;
    }

    private static String status(String text) {
        String status = text.toUpperCase(Locale.ROOT);
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("unknown");
        }
        return status;
    }

    private static <T> T parse(String parameter, String text, String expected, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(List.of(Violation.ofRequest(
                    "INVALID_PARAMETER", "Expected " + expected + " in the parameter " + parameter + ".")));
        }
    }
}
