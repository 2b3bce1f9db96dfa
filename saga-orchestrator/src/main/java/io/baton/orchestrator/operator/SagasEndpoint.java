package io.baton.orchestrator.operator;

import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.http.ProblemException;
import io.baton.http.Violation;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** The sagas, and one saga with its log, on the management port. */
@Component
@WebEndpoint(id = "sagas")
class SagasEndpoint {

    private static final int LIMIT = 50;
    private static final int MOST = 500;

    private final SagaReader reader;

    SagasEndpoint(SagaReader reader) {
        this.reader = reader;
    }

    /**
     * The newest sagas.
     *
     * @param orderId only the sagas about this order
     * @param state only sagas in this state
     * @param limit how many at most, 50 if it is not said
     * @param before only sagas older than this one: a page's {@code next}
     * @throws ProblemException for a parameter that cannot be understood
     */
    @ReadOperation
    SagaView.Page sagas(
            @Nullable String orderId, @Nullable String state, @Nullable String limit, @Nullable String before) {
        int most = limit == null ? LIMIT
                : parse("limit", limit, "a whole number from 1 to " + MOST, SagasEndpoint::limit);
        long below = before == null
                ? Long.MAX_VALUE
                : parse("before", before, "a saga id", text -> SagaId.parse(text).value());
        String wanted = state == null ? null : parse("state", state, "a state, as COMPENSATING", this::state);
        Long key = orderId == null
                ? null
                : parse("orderId", orderId, "an order id of 13 characters", text -> OrderId.parse(text).value());
        return reader.page(key, wanted, most, below);
    }

    /** @throws ProblemException if there is no such saga */
    @ReadOperation
    SagaView saga(@Selector String sagaId) {
        long id = parse("sagaId", sagaId, "a saga id of 13 characters", text -> SagaId.parse(text).value());
        return reader.find(id)
                .orElseThrow(() -> ProblemException.notFound("There is no saga " + new SagaId(id) + "."));
    }

    private static int limit(String text) {
        int limit = Integer.parseInt(text);
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("out of range");
        }
        return limit;
    }

    private String state(String text) {
        String state = text.toUpperCase(Locale.ROOT);
        if (!reader.states().contains(state)) {
            throw new IllegalArgumentException("unknown");
        }
        return state;
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
