package io.baton.orchestrator.operator.stats;

import io.baton.orchestrator.execution.DefinitionComparison;
import io.baton.orchestrator.execution.SagaCounts.Open;
import io.baton.orchestrator.execution.SagaCounts.Snapshot;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * What the health says of sagas. It is always well: a saga that needs a person needs no restart, and one that turned a
 * probe red would have the whole fleet restarted.
 */
@Component
@Profile("!" + DefinitionComparison.PROFILE)
class SagasHealthIndicator implements HealthIndicator {

    private final CurrentCounts counts;

    SagasHealthIndicator(CurrentCounts counts) {
        this.counts = counts;
    }

    @Override
    public Health health() {
        return counts.last().map(SagasHealthIndicator::health).orElseGet(() -> Health.unknown().build());
    }

    private static Health health(Snapshot now) {
        Map<String, Long> reasons = new TreeMap<>();
        for (Open open : now.open()) {
            if (open.reason() != null) {
                reasons.merge(open.reason(), open.count(), Long::sum);
            }
        }
        return Health.up()
                .withDetail("moving", now.moving())
                .withDetail("stuck", now.stuck())
                .withDetail("stuckByReason", reasons)
                .withDetail("newDeadLetters", now.deadLetters().getOrDefault("NEW", 0L))
                .withDetail("asOf", now.asOf())
                .build();
    }
}
