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

    /** What came of a wish. */
    public sealed interface Result {

        /** The bulk of this request, be it that it was begun when the same was wished before. */
        record Begun(Bulk bulk) implements Result {}

        /** It cannot be done. Nothing changed. */
        record Refused(String why) implements Result {}
    }

    /**
     * Keeps the wish and exactly the sagas that were chosen, and does nothing to them yet. The same request again keeps
     * nothing new.
     *
     * @param chosen each saga once
     */
    public Result begin(Bulk.Order order, List<Chosen> chosen) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            Optional<Result> earlier = earlier(order);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            Instant now = time.now();
            Optional<Long> id = bulks.insert(order, chosen, now);
            if (id.isEmpty()) {
                // By a copy of this wish, a moment ago.
                return earlier(order).orElseThrow();
            }
            if (!write(order, OperatorAudit.Result.GRANTED, chosen.size() + " sagas.", id.get(), now)) {
                throw new IllegalStateException("Another wish was granted at the same moment: " + OperatorAudit.USED);
            }
            return new Result.Begun(bulks.find(id.get()).orElseThrow());
        }));
    }

    /**
     * What came of the request if it was made before: the bulk that it began, or that its id belongs to another wish.
     * Which sagas were meant is not compared, since what matched then may not match now.
     */
    public Optional<Result> before(Bulk.Order order) {
        return Objects.requireNonNull(transactions.execute(_ -> earlier(order)));
    }

    private Optional<Result> earlier(Bulk.Order order) {
        Optional<Bulk> begun = bulks.find(order.requestId());
        if (begun.filter(order::isOf).isPresent()) {
            return Optional.of(new Result.Begun(begun.get()));
        }
        if (begun.isEmpty() && !audit.isGranted(order.requestId())) {
            return Optional.empty();
        }
        write(order, OperatorAudit.Result.REFUSED, OperatorAudit.USED, null, time.now());
        return Optional.of(new Result.Refused(OperatorAudit.USED));
    }

    /** Keeps in the audit that the wish was refused. */
    public void refused(Bulk.Order order, String why) {
        transactions.executeWithoutResult(
                _ -> write(order, OperatorAudit.Result.REFUSED, why, null, time.now()));
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
            OperatorAudit.Result result = isCancelled ? OperatorAudit.Result.GRANTED : OperatorAudit.Result.REFUSED;
            write("bulk-cancel", actor, reason, requestId, result, isCancelled ? null : "It has ended.", bulk.id(), now);
            return isCancelled;
        }));
    }

    private boolean write(
            Bulk.Order order, OperatorAudit.Result result, String detail, @Nullable Long bulkId, Instant now) {
        return write(
                "bulk-" + order.action(), order.actor(), order.reason(), order.requestId(), result, detail, bulkId, now);
    }

    private boolean write(
            String action,
            String actor,
            String reason,
            UUID requestId,
            OperatorAudit.Result result,
            @Nullable String detail,
            @Nullable Long bulkId,
            Instant now) {
        return audit.write(new OperatorAudit.Entry(
                now,
                actor,
                action,
                null,
                null,
                reason,
                requestId,
                result,
                detail,
                null,
                null,
                bulkId == null ? null : bulkId.toString()));
    }
}
