package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.StepPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How patient sagas are, where it differs from their definitions.
 *
 * @param sagas by definition name
 */
@ConfigurationProperties("baton")
record SagaSettings(@DefaultValue Map<String, Bounds> sagas) {

    /**
     * What can be set for a definition; what is not set is as the definition says.
     *
     * @param steps by step name
     */
    record Bounds(
            @Nullable Duration deadline, @Nullable Duration commandExpiry, @DefaultValue Map<String, Patience> steps) {}

    /** What can be set for a step. */
    record Patience(
            @Nullable Duration timeout,
            @Nullable Integer attempts,
            @Nullable Duration backoffBase,
            @Nullable Duration backoffCap) {

        StepPolicy over(StepPolicy policy) {
            return new StepPolicy(
                    Objects.requireNonNullElse(timeout, policy.timeout()),
                    Objects.requireNonNullElse(attempts, policy.attempts()),
                    Objects.requireNonNullElse(backoffBase, policy.backoffBase()),
                    Objects.requireNonNullElse(backoffCap, policy.backoffCap()));
        }
    }

    /**
     * The definition as it is set.
     *
     * @throws IllegalArgumentException if a setting is senseless, naming the property
     */
    <D extends Record> SagaDefinition<D> applyTo(SagaDefinition<D> definition) {
        Bounds bounds = sagas.get(definition.name());
        if (bounds == null) {
            return definition;
        }
        String prefix = "baton.sagas." + definition.name();
        SagaDefinition<D> changed = definition;
        for (Map.Entry<String, Patience> set : bounds.steps().entrySet()) {
            Step<D> step = definition.step(set.getKey())
                    .orElseThrow(() -> new IllegalArgumentException("Remove " + prefix + ".steps." + set.getKey()
                            + ": the saga has no such step, only "
                            + definition.steps().stream().map(Step::name).collect(Collectors.joining(", "))));
            try {
                changed = changed.withPolicy(step.name(), set.getValue().over(step.patience()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Correct " + prefix + ".steps." + step.name() + ": "
                        + e.getMessage(), e);
            }
        }
        try {
            return changed.withBounds(
                    Objects.requireNonNullElse(bounds.deadline(), definition.deadline()),
                    Objects.requireNonNullElse(bounds.commandExpiry(), definition.commandExpiry()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Correct " + prefix + ": " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException if a definition is set that does not exist */
    void requireOnly(Set<String> definitions) {
        Set<String> unknown = new TreeSet<>(sagas.keySet());
        unknown.removeAll(definitions);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("Remove baton.sagas." + unknown.iterator().next()
                    + ": there is no such saga, only " + String.join(", ", new TreeSet<>(definitions)));
        }
    }
}
