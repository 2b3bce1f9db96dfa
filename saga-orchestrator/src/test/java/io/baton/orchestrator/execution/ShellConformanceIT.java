package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.CancellationRefused;
import io.baton.contract.CommandFailed;
import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.payment.PaymentCharged;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.cancellation.OrderCancellation;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.execution.SagaPreviews.Preview;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Decision;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.LogEntry;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import io.baton.orchestrator.saga.SagaMachine;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.StepPolicy;
import io.baton.orchestrator.testkit.ParallelSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random scripts through the executor, the timers and the database give the same logs, commands and sagas as the machine
 * alone. What is random follows from one seed, which is told when they differ; {@code -Dbaton.conformance.seed} takes
 * another.
 */
class ShellConformanceIT {

    private static final int SCRIPTS = 2_000;
    private static final int ROUNDS = 30;
    private static final long SEED = Long.getLong("baton.conformance.seed", 20_260_101L);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<Phase, Integer> ends = new EnumMap<>(Phase.class);
    private final List<SagaDefinition<?>> definitions = List.of(
            quick(OrderFulfilment.definition()),
            quick(OrderCancellation.definition()),
            quick(ParallelSample.definition()));

    /** One saga: what was put into it, and what the machine alone made of that. */
    private static final class Script {

        final SagaDefinition<?> definition;
        final OrderId order;
        final List<LogEntry> log = new ArrayList<>();
        final List<CommandToSend> commands = new ArrayList<>();
        final List<OutgoingMessage> said = new ArrayList<>();
        final List<String> refusals = new ArrayList<>();
        final List<Object> story = new ArrayList<>();
        /** How many of sixteen answers are failures; some sagas have it easy and some never get anywhere. */
        final int trouble;
        int stale;
        Saga saga;

        Script(SagaDefinition<?> definition, OrderId order, int trouble, Instant now) {
            this.definition = definition;
            this.order = order;
            this.trouble = trouble;
            saga = Saga.unstarted(now);
        }

        /** Folds the input into the machine's own saga. */
        Decision take(SagaInput input, Instant now) {
            Decision decision = SagaMachine.decide(definition, saga, input, now, 0.5);
            story.add(now + " " + input + " -> " + decision.getClass().getSimpleName());
            switch (decision) {
                case Decision.Moved moved -> {
                    saga = moved.saga();
                    log.add(moved.log());
                    commands.addAll(moved.commands());
                }
                case Decision.Ignored _ -> stale += input instanceof ReplyArrived ? 1 : 0;
                case Decision.Refused(String why) -> {
                    if (input instanceof SagaInput.CancelRequested) {
                        refusals.add(why);
                    }
                }
            }
            return decision;
        }
    }

    @Test
    void two_thousand_scripts_are_told_alike_by_the_machine_and_by_the_database() {
        long begin = System.nanoTime();
        int inputs = 0;
        try (ExecutionBench bench = ExecutionBench.pooled()) {
            for (SagaDefinition<?> definition : definitions) {
                inputs += run(bench, definition);
            }
        }
        System.out.printf(
                "Shell conformance: %d scripts with %d inputs, left %s, seed %d, %.1f s%n",
                ends.values().stream().mapToInt(count -> count).sum(), inputs, ends, SEED,
                (System.nanoTime() - begin) / 1e9);
    }

    /** Lets many scripts of one definition go on side by side, each by one input a round. */
    private int run(ExecutionBench bench, SagaDefinition<?> definition) {
        bench.use(List.of(definition));
        Map<String, Script> byKey = new HashMap<>();
        List<Script> scripts = new ArrayList<>();
        List<IncomingMessage> requests = new ArrayList<>();
        for (int i = 0; i <= SCRIPTS / definitions.size(); i++) {
            OrderId order = bench.nextOrder();
            Script script = new Script(definition, order, random.nextInt(15), bench.now);
            scripts.add(script);
            byKey.put(order.toString(), script);
            requests.add(bench.request(order, data(definition, order)));
            script.take(new SagaInput.Started(), bench.now);
        }
        hear(byKey, bench.batch(requests));
        int inputs = scripts.size();
        for (int round = 0; round < ROUNDS; round++) {
            List<IncomingMessage> batch = new ArrayList<>();
            for (Script script : scripts) {
                int count = random.nextInt(script.trouble % 2 == 0 ? 3 : 2);
                for (int i = 0; i < count; i++) {
                    IncomingMessage message = message(bench, script);
                    if (message != null) {
                        batch.add(message);
                        inputs++;
                    }
                }
            }
            hear(byKey, bench.batch(batch));
            inputs += intervene(bench, byKey, scripts);
            bench.now = bench.now.plusMillis(1 + random.nextInt(random.nextBoolean() ? 3_000 : 14_000));
            inputs += fire(bench, byKey, scripts);
            if (random.nextInt(5) == 0) {
                bench.use(List.of(definition));
            }
        }
        scripts.forEach(script -> compare(bench, script));
        scripts.forEach(script -> ends.merge(script.saga.phase(), 1, Integer::sum));
        return inputs;
    }

    private @Nullable IncomingMessage message(ExecutionBench bench, Script script) {
        int kind = random.nextInt(20);
        if (kind == 0) {
            script.take(
                    new SagaInput.CancelRequested("/order-service", "CANCELLED_BY_CUSTOMER", "Changed my mind."),
                    bench.now);
            return bench.cancel(script.order, script.definition.name());
        }
        if (script.said.isEmpty()) {
            return null;
        }
        int back = random.nextInt(4) == 0 ? random.nextInt(script.said.size()) : 0;
        OutgoingMessage command = script.said.get(script.said.size() - 1 - back);
        String step = command.headers().get(MessageHeaders.STEP);
        Direction direction = Direction.valueOf(command.headers().get(MessageHeaders.DIRECTION));
        int attempt = Integer.parseInt(command.headers().get(MessageHeaders.ATTEMPT));
        if (kind <= script.trouble) {
            long pause = random.nextInt(3) * 4_000L;
            script.take(
                    new ReplyArrived(step, direction, attempt, Kind.FAILED, "DOWN", "Not now.",
                            Duration.ofMillis(pause), null),
                    bench.now);
            return bench.reply(command, "FAILED", new CommandFailed("DOWN", "Not now.", pause));
        }
        if (kind == 16) {
            script.take(ReplyArrived.not(Kind.REFUSED, step, direction, attempt, "NO", "No."), bench.now);
            return bench.reply(command, "REFUSED", new DeliveryRefused(script.order, "NO", "No."));
        }
        boolean keeps = direction == Direction.ACTION
                && script.definition.step(step).map(Step::captures).orElse(null) != null;
        ReplyArrived done = ReplyArrived.done(step, direction, attempt);
        if (!keeps) {
            script.take(done, bench.now);
            return bench.reply(command, "DONE", new OrderCompleted(script.order));
        }
        if (kind == 17) {
            script.take(
                    new SagaInput.ReplyUnreadable(
                            step, direction, attempt, "expected a PaymentCharged but it is a OrderCompleted"),
                    bench.now);
            return bench.reply(command, "DONE", new OrderCompleted(script.order));
        }
        script.take(done.with("{\"orderId\":\"" + script.order + "\",\"paymentId\":\"p-1\"}"), bench.now);
        return bench.reply(command, "DONE", new PaymentCharged(script.order, "p-1"));
    }

    /** A few wishes of operators, mostly on what is stuck. */
    private int intervene(ExecutionBench bench, Map<String, Script> byKey, List<Script> scripts) {
        int wishes = 0;
        for (Script script : scripts) {
            if (random.nextInt(script.saga.phase() == Phase.STUCK ? 6 : 200) != 0) {
                continue;
            }
            wishes++;
            List<? extends Step<?>> steps = script.definition.steps();
            String step = steps.get(random.nextInt(steps.size())).name();
            OperatorAction action = switch (random.nextInt(5)) {
                case 0 -> new OperatorAction.Retry();
                case 1 -> new OperatorAction.Compensate();
                case 2 -> new OperatorAction.Skip(step);
                case 3 -> new OperatorAction.Extend(Duration.ofMinutes(1));
                default -> new OperatorAction.Resolve(step, random.nextBoolean());
            };
            int version = script.log.size();
            int before = bench.said.size();
            StoredSaga seen = bench.queries.find(bench.sagaId(script.order)).orElseThrow().saga();
            Preview preview = bench.previews.of(seen, new Deed.Move(action), bench.now);
            Result result = bench.interventions.grant(new Wish(
                    new UUID(random.nextLong(), random.nextLong()),
                    new SagaId(bench.sagaId(script.order)),
                    version,
                    "olga",
                    "Because.",
                    action));
            List<OutgoingMessage> said = List.copyOf(bench.said.subList(before, bench.said.size()));
            ExecutionBench.assertForetold(preview, result, said);
            hear(byKey, said);
            Result alone = switch (script.take(new SagaInput.OperatorActed("olga", "Because.", action), bench.now)) {
                case Decision.Moved _ -> new Result.Granted(version + 1);
                case Decision.Refused(String why) -> new Result.Refused(why);
                case Decision.Ignored _ -> new Result.Refused("nothing would change");
            };
            assertThat(result).as("%s of %s", action, told(script)).isEqualTo(alone);
        }
        return wishes;
    }

    /** Fires all that is due, here and there, until nothing is. */
    private int fire(ExecutionBench bench, Map<String, Script> byKey, List<Script> scripts) {
        int before = bench.said.size();
        // Ids run a little ahead of the time where many are made at once.
        bench.transactions.executeWithoutResult(_ -> bench.timers.sweep(
                bench.now, scripts.getFirst().definition.shortestWait().minusMillis(20)));
        for (int i = 0; bench.worker.fire(10_000) > 0; i++) {
            assertThat(i).as("how often timers fire at one moment").isLessThan(20);
        }
        hear(byKey, List.copyOf(bench.said.subList(before, bench.said.size())));
        int fired = 0;
        for (Script script : scripts) {
            for (Instant due = due(script); due != null && !due.isAfter(bench.now); due = due(script)) {
                script.take(new SagaInput.TimerFired(), bench.now);
                fired++;
            }
        }
        return fired;
    }

    private static @Nullable Instant due(Script script) {
        return script.saga.dueAt(script.definition);
    }

    private static void hear(Map<String, Script> byKey, List<OutgoingMessage> messages) {
        for (OutgoingMessage message : messages) {
            Script script = byKey.get(message.key());
            if (message.body() instanceof CancellationRefused(_, String why)) {
                assertThat(script.refusals.removeFirst()).isEqualTo(why);
            } else {
                script.said.add(message);
            }
        }
    }

    private void compare(ExecutionBench bench, Script script) {
        long id = bench.sagaId(script.order);
        List<LogEntry> log = bench.queries.log(id).stream().map(ShellConformanceIT::entry).toList();
        assertThat(log).as("the log of %s", told(script)).isEqualTo(script.log);
        List<CommandToSend> commands = script.said.stream().map(ShellConformanceIT::command).toList();
        assertThat(commands).as("the commands of %s", told(script)).isEqualTo(script.commands);
        StoredSaga stored = bench.queries.find(id).orElseThrow().saga();
        assertThat(stored.saga()).as("the saga of %s", told(script)).isEqualTo(script.saga);
        assertThat(stored.state()).isEqualTo(script.saga.stateName(script.definition));
        assertThat(stored.version()).isEqualTo(script.log.size());
        assertThat(script.refusals).as("refusals that were not told, of %s", told(script)).isEmpty();
        assertThat(bench.jdbc.queryForObject(
                        "SELECT count(*) FROM saga_stale_reply WHERE saga_id = ?", Integer.class, id))
                .as("stale replies of %s", told(script))
                .isEqualTo(script.stale);
    }

    private static String told(Script script) {
        StringBuilder told = new StringBuilder();
        told.append("seed ").append(SEED).append(", ").append(script.definition.name());
        script.story.forEach(line -> told.append("\n  ").append(line));
        return told.append('\n').toString();
    }

    private static LogEntry entry(SagaQueries.LogLine line) {
        return new LogEntry(
                line.from(),
                line.to(),
                line.step(),
                line.direction() == null ? null : Direction.valueOf(line.direction()),
                line.attempt() == null ? 0 : line.attempt(),
                line.outcome(),
                line.detail(),
                line.actor());
    }

    private static CommandToSend command(OutgoingMessage message) {
        return new CommandToSend(
                message.headers().get(MessageHeaders.STEP),
                Direction.valueOf(message.headers().get(MessageHeaders.DIRECTION)),
                Integer.parseInt(message.headers().get(MessageHeaders.ATTEMPT)),
                "true".equals(message.headers().get(MessageHeaders.PROBE)));
    }

    private static Record data(SagaDefinition<?> definition, OrderId order) {
        return definition.dataType() == CancelCompletedOrder.class
                ? new CancelCompletedOrder(order, "CANCELLED_BY_CUSTOMER", "Changed my mind.")
                : ExecutionBench.fulfil(order);
    }

    /** Pauses of a millisecond at most are no pauses, whatever is drawn, so that both sides wait alike. */
    private static <D extends Record> SagaDefinition<D> quick(SagaDefinition<D> definition) {
        SagaDefinition<D> quick = definition.withBounds(Duration.ofMinutes(3), Duration.ofHours(1));
        for (Step<D> step : definition.steps()) {
            quick = quick.withPolicy(
                    step.name(),
                    new StepPolicy(Duration.ofSeconds(10), 4, Duration.ofMillis(1), Duration.ofMillis(1)));
        }
        return quick;
    }
}
