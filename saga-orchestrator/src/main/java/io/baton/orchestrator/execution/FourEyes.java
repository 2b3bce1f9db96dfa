package io.baton.orchestrator.execution;

import io.baton.contract.Money;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * What one person must not decide alone: to skip or resolve a step where much is at stake, since the machine then
 * believes a person instead of a participant. The first wish is kept; the same wish of another person, on the same
 * version of the saga, lets it be granted.
 */
final class FourEyes {

    private static final Set<String> DEEDS = Set.of("skip", "resolve");

    private final JdbcOperations jdbc;
    private final SagaFacts facts;
    private final @Nullable Money above;

    /** @param above the greatest amount that one person decides about; null if there is no bound */
    FourEyes(JdbcOperations jdbc, SagaFacts facts, @Nullable Money above) {
        this.jdbc = jdbc;
        this.facts = facts;
        this.above = above;
    }

    enum Person {
        /** Nobody has wished it yet; it is kept now. */
        FIRST,
        /** Another person has wished it. */
        SECOND,
        /** Nobody but the same person has wished it. */
        SAME_PERSON
    }

    /**
     * Whether two persons must wish it. An amount in a currency that has no bound counts as above it; so does one that
     * the saga's definition does not tell, or that cannot be read.
     */
    boolean needed(StoredSaga saga, Deed deed) {
        if (above == null || !DEEDS.contains(deed.name())) {
            return false;
        }
        Money atStake = facts.atStake(saga);
        return atStake == null
                || !atStake.currency().equals(above.currency())
                || atStake.minorUnits() > above.minorUnits();
    }

    /** Which of the two persons makes the wish, whose saga the transaction has locked. */
    Person second(Wish wish, Instant now) {
        long id = wish.sagaId().value();
        String deed = textOf(wish.deed());
        List<String> proposedBy = jdbc.queryForList(
                "SELECT actor FROM operator_proposal WHERE saga_id = ? AND version = ? AND deed = ?",
                String.class,
                id,
                wish.expectedVersion(),
                deed);
        if (!proposedBy.isEmpty()) {
            return proposedBy.getFirst().equals(wish.actor()) ? Person.SAME_PERSON : Person.SECOND;
        }
        jdbc.update("DELETE FROM operator_proposal WHERE saga_id = ? AND version < ?", id, wish.expectedVersion());
        jdbc.update(
                "INSERT INTO operator_proposal (saga_id, version, deed, actor, reason, request_id, at) "
                        + "VALUES (?, ?, ?, ?, ?, ?, ?)",
                id,
                wish.expectedVersion(),
                deed,
                wish.actor(),
                wish.reason(),
                wish.requestId(),
                now.atOffset(ZoneOffset.UTC));
        return Person.FIRST;
    }

    static String textOf(Deed deed) {
        return deed.name() + (deed.step() == null ? "" : " " + deed.step())
                + (deed.detail() == null ? "" : ": " + deed.detail());
    }
}
