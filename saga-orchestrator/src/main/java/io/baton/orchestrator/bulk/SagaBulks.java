package io.baton.orchestrator.bulk;

import io.baton.orchestrator.bulk.Bulk.Chosen;
import io.baton.orchestrator.bulk.Bulk.Item;
import io.baton.orchestrator.bulk.Bulk.Outcome;
import io.baton.orchestrator.execution.DatabaseTime;
import io.baton.orchestrator.execution.OperatorAudit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes operators' wishes for many sagas, tells how they get on, and stops them. */
public final class SagaBulks {

    private final Bulks bulks;
    private final OperatorAudit audit;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;

    SagaBulks(Bulks bulks, OperatorAudit audit, TransactionTemplate transactions, DatabaseTime time) {
        this.bulks = bulks;
        this.audit = audit;
        this.transactions = transactions;
        this.time = time;
    }

    /**
     * Keeps the wish and exactly the sagas that were chosen, and does nothing to them yet. The same request again keeps
     * nothing new.
     *
     * @param chosen each saga once
     * @return the bulk of this request
     */
    public Bulk begin(Bulk.Order order, List<Chosen> chosen) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            Instant now = time.now();
            Optional<Long> id = bulks.insert(order, chosen, now);
            id.ifPresent(bulk -> write("bulk-" + order.action(), order.requestId(), order.actor(), order.reason(),
                    bulk, chosen.size() + " sagas.", now));
            return id.isPresent()
                    ? bulks.find(id.get()).orElseThrow()
                    : bulks.find(order.requestId()).orElseThrow();
        }));
    }

    /** The bulk that the request began, if it did. */
    public Optional<Bulk> begunBy(UUID requestId) {
        return bulks.find(requestId);
    }

    public Optional<Bulk> find(long id) {
        return bulks.find(id);
    }

    public List<Bulk> newest(int limit) {
        return bulks.newest(limit);
    }

    /** How many sagas have which outcome; they add up to the bulk's total. Those that no saga has are left out. */
    public Map<Outcome, Integer> counts(Bulk bulk) {
        return bulks.counts(bulk.id());
    }

    /**
     * What came of its sagas, by increasing saga id.
     *
     * @param outcome only those; null for all
     * @param after only sagas behind this id
     */
    public List<Item> items(Bulk bulk, @Nullable Outcome outcome, long after, int limit) {
        return bulks.items(bulk.id(), outcome, after, limit);
    }

    /**
     * Leaves undone what is not done yet.
     *
     * @return false if nothing is left to be done
     */
    public boolean cancel(Bulk bulk, UUID requestId, String actor, String reason) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            Instant now = time.now();
            boolean isCancelled = bulks.cancel(bulk.id(), actor, now);
            if (isCancelled) {
                write("bulk-cancel", requestId, actor, reason, bulk.id(), null, now);
            }
            return isCancelled;
        }));
    }

    private void write(
            String action,
            UUID requestId,
            String actor,
            String reason,
            long bulkId,
            @Nullable String detail,
            Instant now) {
        audit.write(new OperatorAudit.Entry(
                now,
                actor,
                action,
                null,
                null,
                reason,
                requestId,
                OperatorAudit.Result.GRANTED,
                detail,
                null,
                null,
                Long.toString(bulkId)));
    }
}
