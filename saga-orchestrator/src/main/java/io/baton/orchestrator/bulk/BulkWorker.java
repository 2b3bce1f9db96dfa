package io.baton.orchestrator.bulk;

import io.baton.orchestrator.bulk.Bulk.Chosen;
import io.baton.orchestrator.bulk.Bulk.Outcome;
import io.baton.orchestrator.execution.DatabaseTime;
import io.baton.orchestrator.execution.Pace;
import io.baton.orchestrator.execution.PassingTrouble;
import io.baton.orchestrator.execution.SagaInterventions;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does bulks, some sagas at a turn and one saga a transaction, in which its outcome is kept too. Whoever takes a turn
 * takes it for {@link #LEASE}; if he dies, somebody else goes on after that. Should he only have been slow, no saga is
 * done twice: its item is locked, and its request id is always the same.
 */
final class BulkWorker {

    static final Duration LEASE = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(BulkWorker.class);

    private final Bulks bulks;
    private final SagaInterventions interventions;
    private final BulkDeeds deeds;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;

    BulkWorker(
            Bulks bulks,
            SagaInterventions interventions,
            BulkDeeds deeds,
            TransactionTemplate transactions,
            DatabaseTime time) {
        this.bulks = bulks;
        this.interventions = interventions;
        this.deeds = deeds;
        this.transactions = transactions;
        this.time = time;
    }

    /** What came of one saga. */
    private record Done(Outcome outcome, @Nullable String message) {}

    /**
     * Takes one turn at one bulk, if there is one to take.
     *
     * @return whether there was
     * @throws RuntimeException if the database cannot be reached; what is not committed is done later
     */
    boolean takeTurn() {
        Instant now = time.now();
        Optional<Bulk> claimed = claim(now);
        if (claimed.isEmpty()) {
            return false;
        }
        Bulk bulk = claimed.get();
        Pace pace = new Pace(bulk.maxPerSecond());
        List<Chosen> chosen = bulks.pending(bulk.id(), pace.perTurn());
        chosen.forEach(one -> take(bulk, one));
        bulks.nextAt(bulk.id(), now.plus(pace.after(chosen.size())));
        bulks.endIfDone(bulk.id(), time.now());
        return true;
    }

    private Optional<Bulk> claim(Instant now) {
        Optional<Bulk> claimed = transactions.execute(_ -> bulks.claim(now, now.plus(LEASE)));
        return claimed == null ? Optional.empty() : claimed;
    }

    private void take(Bulk bulk, Chosen chosen) {
        try {
            transactions.executeWithoutResult(_ -> {
                if (bulks.lockPending(bulk.id(), chosen.sagaId())) {
                    Done done = act(bulk, chosen);
                    bulks.done(bulk.id(), chosen.sagaId(), done.outcome(), done.message(), time.now());
                }
            });
        } catch (RuntimeException | Error e) {
            if (PassingTrouble.is(e)) {
                throw e;
            }
            log.error("Bulk {}: '{}' of saga {} failed", bulk.id(), bulk.action(), chosen.sagaId(), e);
            transactions.executeWithoutResult(_ -> bulks.done(
                    bulk.id(),
                    chosen.sagaId(),
                    Outcome.FAILED,
                    "The program failed: " + e.getClass().getSimpleName(),
                    time.now()));
        }
    }

    private Done act(Bulk bulk, Chosen chosen) {
        Result result = interventions.grant(new Wish(
                bulk.requestId(chosen.sagaId()),
                chosen.sagaId(),
                chosen.version(),
                bulk.actor(),
                bulk.reason(),
                deeds.deed(bulk.action(), bulk.members()),
                Long.toString(bulk.id())));
        return switch (result) {
            case Result.Granted _, Result.Repeated _ -> new Done(Outcome.GRANTED, null);
            case Result.Refused(String why) -> new Done(Outcome.REFUSED, why);
            case Result.Outdated(int version) ->
                new Done(Outcome.OUTDATED, "The saga had version " + version + " by then.");
            case Result.NoSuchSaga() -> new Done(Outcome.GONE, null);
            case Result.Proposed() -> new Done(Outcome.PROPOSED, "A second person has to ask for the same.");
            case Result.SecondPersonNeeded() ->
                new Done(Outcome.REFUSED, "You proposed it; a second person has to ask for the same.");
        };
    }
}
