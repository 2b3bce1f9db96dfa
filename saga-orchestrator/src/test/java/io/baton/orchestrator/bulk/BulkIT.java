package io.baton.orchestrator.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.CommandFailed;
import io.baton.contract.CommandRefused;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.order.OrderCompleted;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.bulk.Bulk.Chosen;
import io.baton.orchestrator.bulk.Bulk.Item;
import io.baton.orchestrator.bulk.Bulk.Outcome;
import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.execution.OperatorAudit;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.saga.OperatorAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator does to many sagas, on a real database. */
class BulkIT {

    private static final Duration LONG = Duration.ofSeconds(40);

    private final ExecutionBench bench = ExecutionBench.pooled();
    private final Bulks rows = new Bulks(bench.jdbc);
    private final SagaBulks bulks = new SagaBulks(rows, bench.audit, bench.transactions, () -> bench.now);
    private final BulkWorker worker = worker(BulkIT::retry);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_hundred_and_twenty_sagas_are_done_at_the_pace_and_the_counts_add_up_at_any_time() {
        Bulk bulk = begin(stuck(120), 40);
        bench.said.clear();
        assertThat(counts(bulk)).isEqualTo(Map.of(Outcome.PENDING, 120));
        for (int turn = 1; turn <= 12; turn++) {
            assertThat(worker.takeTurn()).isTrue();
            assertThat(worker.takeTurn()).as("not before its time").isFalse();
            assertThat(counts(bulk).getOrDefault(Outcome.GRANTED, 0)).isEqualTo(10 * turn);
            assertThat(counts(bulk).values().stream().mapToInt(n -> n).sum()).isEqualTo(bulk.total());
            bench.now = bench.now.plusMillis(250);
        }
        assertThat(find(bulk).state()).isEqualTo("DONE");
        assertThat(worker.takeTurn()).isFalse();
        assertThat(bench.said).extracting(OutgoingMessage::id).doesNotHaveDuplicates().hasSize(120);
        assertThat(bulks.items(bulk, null, 0, 500)).hasSize(120).allSatisfy(item -> {
            assertThat(item.outcome()).isEqualTo(Outcome.GRANTED);
            assertThat(item.effective()).as("what became of it").isEqualTo("COMPENSATING");
        });
        assertThat(audited("GRANTED", "retry")).isEqualTo(120);
        assertThat(audited("GRANTED", "bulk-retry")).isEqualTo(1);
    }

    @Test
    void cancelled_half_way_it_leaves_the_rest_as_it_is() {
        Bulk bulk = begin(stuck(12), 24);
        worker.takeTurn();
        assertThat(bulks.cancel(bulk, UUID.randomUUID(), "otto", "Enough.")).isTrue();
        bench.now = bench.now.plusSeconds(60);
        assertThat(worker.takeTurn()).isFalse();
        assertThat(counts(bulk)).isEqualTo(Map.of(Outcome.GRANTED, 6, Outcome.CANCELLED, 6));
        assertThat(find(bulk).state()).isEqualTo("CANCELLED");
        assertThat(bulks.items(bulk, Outcome.CANCELLED, 0, 500))
                .extracting(Item::effective)
                .hasSize(6)
                .containsOnly("STUCK");
        assertThat(bulks.cancel(bulk, UUID.randomUUID(), "otto", "Again.")).as("it is over").isFalse();
        assertThat(audited("GRANTED", "bulk-cancel")).isEqualTo(1);
    }

    @Test
    void whose_worker_dies_is_done_by_another_and_no_saga_twice() {
        Bulk bulk = begin(stuck(8), 16);
        bench.said.clear();
        AtomicInteger acts = new AtomicInteger();
        BulkWorker dying = worker(action -> {
            if (acts.incrementAndGet() == 3) {
                throw new Crash();
            }
            return retry(action);
        });
        assertThatThrownBy(dying::takeTurn).isInstanceOf(Crash.class);
        assertThat(counts(bulk)).isEqualTo(Map.of(Outcome.GRANTED, 2, Outcome.PENDING, 6));
        assertThat(worker.takeTurn()).as("the dead one might still live").isFalse();

        bench.now = bench.now.plus(BulkWorker.LEASE);
        finish(bulk);
        assertThat(counts(bulk)).isEqualTo(Map.of(Outcome.GRANTED, 8));
        assertThat(bench.said).extracting(OutgoingMessage::id).doesNotHaveDuplicates().hasSize(8);
    }

    @Test
    void goes_on_past_a_saga_that_this_program_cannot_act_on() {
        Bulk bulk = begin(stuck(3), 16);
        AtomicInteger acts = new AtomicInteger();
        BulkWorker unlucky = worker(action -> {
            if (acts.incrementAndGet() == 2) {
                throw new NoClassDefFoundError("of something that nobody thought of");
            }
            return retry(action);
        });
        unlucky.takeTurn();
        assertThat(counts(bulk)).isEqualTo(Map.of(Outcome.GRANTED, 2, Outcome.FAILED, 1));
    }

    @Test
    void is_worked_at_by_one_instance_at_a_time_and_a_slow_one_does_no_harm() {
        List<OrderId> orders = stuck(4);
        Bulk bulk = begin(orders, 16);
        bench.said.clear();
        BulkWorker slow = worker(action -> {
            // Meanwhile its lease is over, and another instance does what it was about to do.
            bench.now = bench.now.plus(BulkWorker.LEASE);
            assertThat(inAnotherThread(worker::takeTurn)).isTrue();
            return retry(action);
        });
        slow.takeTurn();
        finish(bulk);
        assertThat(counts(bulk)).isEqualTo(Map.of(Outcome.GRANTED, 4));
        assertThat(bench.said).extracting(OutgoingMessage::id).doesNotHaveDuplicates().hasSize(4);
    }

    @Test
    void tells_of_each_saga_what_came_of_it() {
        List<OrderId> stuck = stuck(2);
        OrderId moving = bench.nextOrder();
        bench.batch(bench.request(moving, ExecutionBench.fulfil(moving)));
        List<Chosen> chosen = new ArrayList<>(stuck.stream().map(this::chosen).toList());
        chosen.add(chosen(moving));
        chosen.add(new Chosen(new SagaId(42), 0));
        Bulk bulk = begin(chosen, 100, UUID.randomUUID());

        Wish single = new Wish(
                UUID.randomUUID(),
                chosen.getFirst().sagaId(),
                chosen.getFirst().version(),
                "otto",
                "Faster.",
                new OperatorAction.Retry());
        assertThat(bench.interventions.grant(single)).isInstanceOf(Result.Granted.class);
        finish(bulk);

        assertThat(bulks.items(bulk, null, 0, 500))
                .extracting(Item::outcome)
                .containsExactly(Outcome.GONE, Outcome.OUTDATED, Outcome.GRANTED, Outcome.REFUSED);
        assertThat(bulks.items(bulk, Outcome.REFUSED, 0, 500).getFirst().message()).contains("nothing has failed");
        assertThat(counts(bulk).values().stream().mapToInt(n -> n).sum()).isEqualTo(4);
    }

    @Test
    void a_saga_at_which_the_program_fails_does_not_stop_the_others() {
        Bulk bulk = begin(stuck(3), 100);
        AtomicInteger acts = new AtomicInteger();
        BulkWorker failing = worker(action -> {
            if (acts.incrementAndGet() == 2) {
                throw new IllegalStateException("planted");
            }
            return retry(action);
        });
        failing.takeTurn();
        assertThat(counts(bulk)).isEqualTo(Map.of(Outcome.GRANTED, 2, Outcome.FAILED, 1));
        assertThat(bulks.items(bulk, Outcome.FAILED, 0, 500).getFirst().message()).contains("IllegalStateException");
    }

    @Test
    void that_is_asked_for_twice_is_begun_once() {
        List<Chosen> chosen = stuck(2).stream().map(this::chosen).toList();
        UUID request = UUID.randomUUID();
        Bulk first = begin(chosen, 100, request);
        assertThat(begin(List.of(chosen.getFirst()), 100, request)).isEqualTo(first);
        assertThat(bulks.newest(10)).hasSize(1);
        assertThat(counts(first)).isEqualTo(Map.of(Outcome.PENDING, 2));
    }

    @Test
    void that_is_asked_for_under_the_request_id_of_another_wish_is_none_and_that_is_kept() {
        List<Chosen> chosen = stuck(1).stream().map(this::chosen).toList();
        UUID request = UUID.randomUUID();
        begin(chosen, 100, request);
        SagaBulks.Result used = new SagaBulks.Result.Refused(OperatorAudit.USED);

        assertThat(bulks.begin(order(request, "compensate", "olga"), chosen)).isEqualTo(used);
        assertThat(bulks.begin(order(request, "retry", "otto"), chosen)).isEqualTo(used);

        assertThat(bulks.newest(10)).hasSize(1);
        assertThat(bench.jdbc.queryForList(
                        "SELECT actor || ' ' || action || ' ' || result FROM operator_audit ORDER BY id", String.class))
                .containsExactly("olga bulk-retry GRANTED", "olga bulk-compensate REFUSED", "otto bulk-retry REFUSED");
    }

    private static Bulk.Order order(UUID request, String action, String actor) {
        return new Bulk.Order(request, action, Map.of(), actor, "Bank is back.", 100);
    }

    private static final class Crash extends VirtualMachineError {}

    private static boolean inAnotherThread(Callable<Boolean> task) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.submit(task).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Deed retry(String action) {
        assertThat(action).isEqualTo("retry");
        return new Deed.Move(new OperatorAction.Retry());
    }

    private BulkWorker worker(Function<String, Deed> deeds) {
        return new BulkWorker(
                rows,
                bench.interventions,
                (action, members) -> deeds.apply(action),
                bench.transactions,
                () -> bench.now);
    }

    private Bulk begin(List<OrderId> orders, int maxPerSecond) {
        return begin(orders.stream().map(this::chosen).toList(), maxPerSecond, UUID.randomUUID());
    }

    private Bulk begin(List<Chosen> chosen, int maxPerSecond, UUID request) {
        return ((SagaBulks.Result.Begun) bulks.begin(
                        new Bulk.Order(request, "retry", Map.of(), "olga", "Bank is back.", maxPerSecond), chosen))
                .bulk();
    }

    private Bulk find(Bulk bulk) {
        return bulks.find(bulk.id()).orElseThrow();
    }

    private void finish(Bulk bulk) {
        for (int i = 0; i < 100 && find(bulk).endedAt() == null; i++) {
            worker.takeTurn();
            bench.now = bench.now.plusSeconds(1);
        }
        assertThat(find(bulk).state()).isEqualTo("DONE");
    }

    private Map<Outcome, Integer> counts(Bulk bulk) {
        return bulks.counts(bulk);
    }

    private Chosen chosen(OrderId order) {
        long id = bench.sagaId(order);
        return new Chosen(
                new SagaId(id), bench.jdbc.queryForObject("SELECT version FROM saga WHERE id = ?", Integer.class, id));
    }

    private int audited(String result, String action) {
        return bench.jdbc.queryForObject(
                "SELECT count(*) FROM operator_audit WHERE result = ? AND action = ? AND bulk_id IS NOT NULL",
                Integer.class,
                result,
                action);
    }

    /** Sagas whose refund failed for good. */
    private List<OrderId> stuck(int count) {
        List<OrderId> orders = new ArrayList<>();
        List<IncomingMessage> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OrderId order = bench.nextOrder();
            orders.add(order);
            requests.add(bench.request(order, ExecutionBench.fulfil(order)));
        }
        List<OutgoingMessage> commands = bench.batch(requests);
        commands = answer(commands, "DONE", command -> new OrderCompleted(OrderId.parse(command.key())));
        commands = answer(commands, "REFUSED", _ -> new CommandRefused("OUT_OF_STOCK", "None left."));
        for (int attempt = 1; attempt <= 6; attempt++) {
            answer(commands, "FAILED", _ -> new CommandFailed("DOWN", "Not now.", 0));
            List<OutgoingMessage> again = bench.pass(LONG);
            commands = again.isEmpty() ? commands : again;
        }
        assertThat(orders).allSatisfy(order -> assertThat(bench.state(order)).isEqualTo("STUCK"));
        return orders;
    }

    private List<OutgoingMessage> answer(
            List<OutgoingMessage> commands, String outcome, Function<OutgoingMessage, Record> body) {
        return bench.batch(commands.stream()
                .map(command -> bench.reply(command, outcome, body.apply(command)))
                .toList());
    }
}
