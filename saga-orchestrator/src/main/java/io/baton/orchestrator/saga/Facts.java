package io.baton.orchestrator.saga;

import io.baton.contract.Money;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What operators may know of a saga's data.
 *
 * @param searchedBy what it can be found by beside its ids, as a customer's number; null if by nothing
 * @param atStake the amount that is lost if an operator errs; null if it is about no money
 * @param personal JSON pointers of what is hidden until somebody asks for it, with everything below; empty for all
 * @param <D> what the saga knows
 */
public record Facts<D>(
        Function<D, @Nullable String> searchedBy, Function<D, @Nullable Money> atStake, Set<String> personal) {

    /** Nothing is known, so nothing is shown. */
    static <D> Facts<D> none() {
        return new Facts<>(_ -> null, _ -> null, Set.of(""));
    }
}
