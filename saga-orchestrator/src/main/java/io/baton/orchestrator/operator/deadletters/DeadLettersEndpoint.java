package io.baton.orchestrator.operator.deadletters;

import io.baton.http.ProblemException;
import io.baton.orchestrator.operator.Asked;
import io.baton.orchestrator.operator.RequestMembers;
import io.baton.orchestrator.operator.WriteAccess;
import io.baton.orchestrator.operator.deadletters.DeadLetters.Filter;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** The dead letters: {@code /actuator/deadletters}. */
@Component
@WebEndpoint(id = "deadletters")
class DeadLettersEndpoint {

    private static final int LIMIT = 50;
    private static final int MOST = 500;
    private static final int TOPIC_MAX = 249;
    private static final Set<String> STATUSES = Set.of("NEW", "REDRIVEN", "DISCARDED");

    private final DeadLetters letters;
    private final DeadLetterActions actions;
    private final WriteAccess access;

    DeadLettersEndpoint(DeadLetters letters, DeadLetterActions actions, WriteAccess access) {
        this.letters = letters;
        this.actions = actions;
        this.access = access;
    }

    /**
     * Those that were read last. Notices of sagas that got stuck are among them only if their topic or a saga is named: who
     * sees to those sees the sagas as stuck.
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
        RequestMembers.requireOnly(Set.of("topic", "status", "sagaId", "limit", "cursor"));
        int most = limit == null ? LIMIT : Asked.wholeNumber("limit", limit, 1, MOST);
        Filter filter = new Filter(
                topic == null ? null : Asked.text("topic", topic, TOPIC_MAX),
                status == null
                        ? null
                        : Asked.parse("status", status, "NEW, REDRIVEN or DISCARDED", DeadLettersEndpoint::status),
                sagaId == null ? null : (Long) Asked.sagaId("sagaId", sagaId).value(),
                cursor == null ? Long.MAX_VALUE : Asked.parse("cursor", cursor, "a page's next", Long::parseLong),
                most);
        List<DeadLetter> found = letters.find(filter);
        return new DeadLetterView.Page(
                found.stream().map(DeadLetterView::inList).toList(),
                letters.countByStatus(),
                found.size() == most ? Long.toString(found.getLast().order()) : null,
                letters.now());
    }

    /** @throws ProblemException if there is no such dead letter */
    @ReadOperation
    DeadLetterView letter(@Selector String id) {
        RequestMembers.requireOnly(Set.of());
        DeadLetterId place = place(id);
        return letters.find(place).map(DeadLetterView::inFull).orElseThrow(() -> DeadLetterActions.noSuch(place));
    }

    /**
     * Sends a dead letter again, or marks it as seen to.
     *
     * @param action {@code redrive} or {@code discard}
     * @param reason why, which stands in the audit
     * @param requestId a UUID; the same again does nothing more
     * @throws ProblemException if it was not done
     */
    @WriteOperation
    DeadLetterActions.Done act(
            SecurityContext caller,
            @Selector String id,
            @Selector String action,
            @Nullable String reason,
            @Nullable String requestId) {
        access.require();
        RequestMembers.requireOnly(Set.of("reason", "requestId"));
        Principal principal = caller.getPrincipal();
        return actions.act(new DeadLetterActions.Wish(
                place(id),
                action,
                principal == null ? "anonymous" : principal.getName(),
                Asked.reason(reason),
                Asked.requestId(requestId)));
    }

    private static DeadLetterId place(String id) {
        return Asked.parse("id", id, "topic-partition-offset", DeadLetterId::parse);
    }

    private static String status(String text) {
        String status = text.toUpperCase(Locale.ROOT);
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("unknown");
        }
        return status;
    }
}
