package io.baton.orchestrator.execution;

import io.baton.contract.Money;
import io.baton.orchestrator.saga.Facts;
import io.baton.orchestrator.saga.SagaDefinition;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What definitions tell of their sagas' data. What cannot be read tells nothing. */
final class SagaFacts {

    /** What is longer would not fit an index. */
    private static final int LONGEST_SEARCH = 200;

    private final JsonMapper json = JsonMapper.builder().build();

    /** What a saga that this request starts can be found by, beside its ids; null if by nothing. */
    static <D extends Record> @Nullable String searchedBy(SagaDefinition<D> definition, Record request) {
        try {
            return fitting(definition.facts().searchedBy().apply(definition.dataType().cast(request)));
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static @Nullable String fitting(@Nullable String search) {
        return search == null || search.length() > LONGEST_SEARCH ? null : search;
    }

    /** What the saga can be found by, beside its ids; null if by nothing. */
    @Nullable String searchedBy(StoredSaga saga) {
        return saga.definition() == null ? null : fitting(ask(saga.definition(), saga, Facts::searchedBy));
    }

    /** The amount that is at stake; null if none is. */
    @Nullable Money atStake(StoredSaga saga) {
        return saga.definition() == null ? null : ask(saga.definition(), saga, Facts::atStake);
    }

    private <D extends Record, T> @Nullable T ask(
            SagaDefinition<D> definition, StoredSaga saga, Function<Facts<?>, Function<?, @Nullable T>> which) {
        try {
            D data = json.readValue(saga.body(), definition.dataType());
            @SuppressWarnings("unchecked") // Facts<D> has functions of D.
            Function<D, @Nullable T> fact = (Function<D, @Nullable T>) which.apply(definition.facts());
            return fact.apply(data);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
