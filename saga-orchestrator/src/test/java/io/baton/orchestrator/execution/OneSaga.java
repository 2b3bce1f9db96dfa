package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.execution.SagaPreviews.Preview;
import io.baton.orchestrator.saga.OperatorAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The saga of one order, and how it gets to where a test wants to have it. */
final class OneSaga implements AfterEachCallback {

    /** Longer than it waits for anything. */
    static final Duration LONG = Duration.ofSeconds(40);

    final ExecutionBench bench = ExecutionBench.pooled();
    final OrderId order = bench.nextOrder();

    @Override
    public void afterEach(ExtensionContext context) {
        bench.close();
    }

    /** Its first command; null if that is held back. */
    OutgoingMessage start() {
        List<OutgoingMessage> said = bench.batch(bench.request(order));
        return said.isEmpty() ? null : said.getFirst();
    }

    OutgoingMessage untilDelivery() {
        OutgoingMessage last = start();
        last = bench.batch(bench.done(last)).getFirst();
        return bench.batch(bench.done(last)).getFirst();
    }

    /** The refund of an order that is out of stock. */
    OutgoingMessage unwinding() {
        OutgoingMessage reserve = bench.batch(bench.done(start())).getFirst();
        return bench.batch(bench.refused(reserve)).getFirst();
    }

    /** Lets all attempts fail, and returns the last. */
    OutgoingMessage failUntilStuck(OutgoingMessage command) {
        OutgoingMessage last = command;
        for (int attempt = 1; attempt <= 6; attempt++) {
            bench.batch(bench.failed(last));
            List<OutgoingMessage> again = bench.pass(LONG);
            last = again.isEmpty() ? last : again.getFirst();
        }
        assertThat(bench.state(order)).isEqualTo("STUCK");
        return last;
    }

    void granted(OperatorAction action) {
        Wish wish = bench.wish(order, action);
        int said = bench.said.size();
        Preview preview = bench.previews.of(
                bench.queries.find(bench.sagaId(order)).orElseThrow().saga(), wish.deed(), bench.now);
        Result result = bench.interventions.grant(wish);
        assertThat(result).isEqualTo(new Result.Granted(wish.expectedVersion() + 1));
        ExecutionBench.assertForetold(preview, result, bench.said.subList(said, bench.said.size()));
    }

    void refused(OperatorAction action, String why) {
        Map<String, Object> before = row();
        Result result = bench.interventions.grant(bench.wish(order, action));
        assertThat(result).isInstanceOfSatisfying(
                Result.Refused.class, refused -> assertThat(refused.why()).contains(why));
        assertThat(row()).isEqualTo(before);
    }

    Map<String, Object> row() {
        Map<String, Object> row = bench.jdbc.queryForMap("SELECT * FROM saga WHERE id = ?", bench.sagaId(order));
        row.remove("trail");
        return row;
    }

    List<String> logged(String column) {
        return bench.jdbc.queryForList(
                "SELECT " + column + " FROM saga_log WHERE saga_id = ? ORDER BY seq",
                String.class,
                bench.sagaId(order));
    }

    void pause() {
        assertThat(wish(bench.pauses.pause(), UUID.randomUUID())).isInstanceOf(Result.Granted.class);
        assertThat(isPaused()).isTrue();
    }

    void resume() {
        assertThat(wish(bench.pauses.resume(), UUID.randomUUID())).isInstanceOf(Result.Granted.class);
        assertThat(isPaused()).isFalse();
    }

    Result wish(Deed deed, UUID requestId) {
        return bench.interventions.grant(new Wish(
                requestId,
                new SagaId(bench.sagaId(order)),
                bench.version(order),
                "olga",
                "Bank is away.",
                deed,
                null));
    }

    boolean isPaused() {
        return bench.queries.find(bench.sagaId(order)).orElseThrow().saga().clock().isPaused();
    }

    List<String> held() {
        return bench.jdbc.queryForList(
                "SELECT step || ' ' || direction || ' ' || attempt FROM held_command ORDER BY since, step", String.class);
    }
}
