package io.baton.orchestrator.operator;

import io.baton.contract.OrderId;
import io.baton.orchestrator.execution.SagaFilter;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.saga.Stuck;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads which sagas an operator means, the same for the list, for groups and for what is done to many. */
@Component
class SagaFilters {

    static final Set<String> MEMBERS = Set.of(
            "state",
            "definition",
            "step",
            "reason",
            "error",
            "participant",
            "olderThan",
            "youngerThan",
            "assignee",
            "snoozed",
            "paused",
            "orderId",
            "q",
            "traceId");

    private static final int LONGEST = 200;

    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");

    private final SagaQueries queries;

    SagaFilters(SagaQueries queries) {
        this.queries = queries;
    }

    /** @throws io.baton.http.ProblemException for a parameter that cannot be understood */
    SagaFilter parse(
            @Nullable String state,
            @Nullable String definition,
            @Nullable String step,
            @Nullable String reason,
            @Nullable String error,
            @Nullable String participant,
            @Nullable String olderThan,
            @Nullable String youngerThan,
            @Nullable String assignee,
            @Nullable String snoozed,
            @Nullable String paused,
            @Nullable String orderId,
            @Nullable String q,
            @Nullable String traceId) {
        Duration least = age("olderThan", olderThan);
        Duration most = age("youngerThan", youngerThan);
        Instant now = least == null && most == null ? Instant.MIN : queries.now();
        return new SagaFilter(
                Asked.optional("state", state, "a state, as COMPENSATING, or OPEN for all that have not ended", this::state),
                text("definition", definition),
                text("step", step),
                Asked.optional("reason", reason, "a reason for being stuck, as OUTCOME_UNKNOWN",
                        value -> Stuck.Code.valueOf(value.toUpperCase(Locale.ROOT)).name()),
                text("error", error),
                text("participant", participant),
                least == null ? null : now.minus(least),
                text("assignee", assignee),
                snoozed == null ? null : Asked.flag("snoozed", snoozed),
                paused == null ? null : Asked.flag("paused", paused),
                Asked.optional("orderId", orderId, "an order id of 13 characters",
                        value -> OrderId.parse(value).value()),
                text("q", q),
                most == null ? null : now.minus(most),
                Asked.optional("traceId", traceId, "a trace's id of 32 digits and small letters up to f", SagaFilters::traceId));
    }

    private static String traceId(String text) {
        if (!TRACE_ID.matcher(text).matches()) {
            throw new IllegalArgumentException("not a trace id");
        }
        return text;
    }

    private static @Nullable Duration age(String member, @Nullable String text) {
        return Asked.optional(member, text, "a duration of ten years at most, as PT5M", value -> {
            Duration parsed = Duration.parse(value);
            if (parsed.isNegative() || parsed.compareTo(Asked.LONGEST) > 0) {
                throw new IllegalArgumentException("out of range");
            }
            return parsed;
        });
    }

    private String state(String text) {
        String state = text.toUpperCase(Locale.ROOT);
        if (!state.equals(SagaFilter.OPEN) && !queries.states().contains(state)) {
            throw new IllegalArgumentException("unknown");
        }
        return state;
    }

    private static @Nullable String text(String member, @Nullable String text) {
        return text == null ? null : Asked.text(member, text, LONGEST);
    }
}
