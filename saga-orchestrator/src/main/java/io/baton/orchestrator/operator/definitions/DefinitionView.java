package io.baton.orchestrator.operator.definitions;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version of a definition; null members are those of a version that open sagas have and this program has not.
 *
 * @param hash differs if what the definition does differs
 * @param current whether new sagas begin with it
 * @param pivot the step after whose sending nothing is undone
 * @param deadline how long a saga may take to reach the pivot
 * @param mermaid its states as a Mermaid diagram
 * @param inFlight its sagas that have not ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DefinitionView(
        String name,
        int version,
        @Nullable String hash,
        boolean current,
        @Nullable String pivot,
        List<StepView> steps,
        @Nullable Duration deadline,
        @Nullable Duration commandExpiry,
        @Nullable String mermaid,
        List<InFlight> inFlight) {

    /**
     * A step.
     *
     * @param participant who gets its commands
     * @param action the command that does it; null if it is done when the saga starts
     * @param compensation the command that undoes it; null if nothing can
     * @param stage the state that is reached once it, and what is done beside it, is done
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepView(
            String name,
            String kind,
            @Nullable String participant,
            @Nullable String action,
            @Nullable String compensation,
            Duration timeout,
            int attempts,
            Duration backoffBase,
            Duration backoffCap,
            @Nullable String stage) {}

    /** Sagas that are alike; step is null where it is not known. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record InFlight(@Nullable String step, String state, long count) {}

    /** All of them. */
    record All(List<DefinitionView> definitions, Instant asOf) {}

    static DefinitionView unknown(String name, int version, List<InFlight> inFlight) {
        return new DefinitionView(name, version, null, false, null, List.of(), null, null, null, inFlight);
    }
}
