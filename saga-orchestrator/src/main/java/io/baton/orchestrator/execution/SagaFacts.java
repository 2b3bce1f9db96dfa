package io.baton.orchestrator.execution;

import io.baton.contract.Money;
import io.baton.orchestrator.saga.Facts;
import io.baton.orchestrator.saga.SagaDefinition;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What definitions tell of their sagas' data. What cannot be read tells nothing. */
final class SagaFacts {

    private final JsonMapper json = JsonMapper.builder().build();

    /** What the saga can be found by, beside its ids; null if by nothing. */
    @Nullable String searchedBy(StoredSaga saga) {
        return saga.definition() == null ? null : ask(saga.definition(), saga, Facts::searchedBy);
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
