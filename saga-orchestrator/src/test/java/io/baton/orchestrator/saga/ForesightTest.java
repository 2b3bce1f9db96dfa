package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForesightTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SagaDefinition<?> oneByOne = Sample.small(2);
    private final SagaDefinition<?> parallel = Sample.parallel(2);

    @Test
    void a_saga_that_goes_forward_does_what_is_left_of_it() {
        Saga started = after(oneByOne, Saga.unstarted(NOW), new SagaInput.Started());
        assertThat(later(oneByOne, started)).containsExactly("p ACTION 1", "r ACTION 1");
        assertThat(Foresight.of(oneByOne, started, NOW).end().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void a_saga_that_is_undone_undoes_what_is_left_in_reverse() {
        Saga started = after(oneByOne, Saga.unstarted(NOW), new SagaInput.Started());
        Saga turned = after(oneByOne, started, refused("a"));
        assertThat(later(oneByOne, turned)).isEmpty();
        assertThat(Foresight.of(oneByOne, turned, NOW).end().phase()).isEqualTo(Phase.COMPENSATED);

        Saga further = after(oneByOne, after(oneByOne, started, done("a")), refused("p"));
        assertThat(later(oneByOne, further)).containsExactly("given COMPENSATION 1");
    }

    @Test
    void what_waits_after_a_failure_is_sent_again_first() {
        Saga started = after(oneByOne, Saga.unstarted(NOW), new SagaInput.Started());
        Saga failed = after(
                oneByOne, started, ReplyArrived.not(Kind.FAILED, "a", Direction.ACTION, 1, "DOWN", "Not now."));
        assertThat(later(oneByOne, failed)).containsExactly("a ACTION 2", "p ACTION 1", "r ACTION 1");
    }

    @Test
    void steps_in_parallel_go_together() {
        Saga started = after(parallel, Saga.unstarted(NOW), new SagaInput.Started());
        assertThat(later(parallel, started)).containsExactly("p ACTION 1", "r ACTION 1", "s ACTION 1");
        assertThat(Foresight.of(parallel, started, NOW).end().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void a_saga_that_has_ended_or_is_stuck_sends_nothing() {
        Saga started = after(oneByOne, Saga.unstarted(NOW), new SagaInput.Started());
        Saga stuck = started.stuckBy(Stuck.Code.OUTCOME_UNKNOWN, "a", "Nobody knows.");
        assertThat(Foresight.of(oneByOne, stuck, NOW)).isEqualTo(new Foresight(List.of(), stuck));
        Saga ended = started.in(Phase.COMPLETED);
        assertThat(Foresight.of(oneByOne, ended, NOW)).isEqualTo(new Foresight(List.of(), ended));
    }

    private static List<String> later(SagaDefinition<?> definition, Saga saga) {
        return Foresight.of(definition, saga, NOW).later().stream()
                .map(command -> command.step() + " " + command.direction() + " " + command.attempt())
                .toList();
    }

    private static Saga after(SagaDefinition<?> definition, Saga saga, SagaInput input) {
        return ((Decision.Moved) SagaMachine.decide(definition, saga, input, NOW, 0)).saga();
    }

    private static ReplyArrived done(String step) {
        return ReplyArrived.done(step, Direction.ACTION, 1);
    }

    private static ReplyArrived refused(String step) {
        return ReplyArrived.not(Kind.REFUSED, step, Direction.ACTION, 1, "NO", "No.");
    }
}
