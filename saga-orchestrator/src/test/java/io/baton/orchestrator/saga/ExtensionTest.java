package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator can do about a saga's deadline. */
class ExtensionTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final SagaDefinition<?> definition = Sample.small(2);
    private final Instant deadline = START.plus(definition.deadline());
    private final Saga started = moved(Saga.unstarted(START), new SagaInput.Started(), START);

    @Test
    void a_deadline_is_moved_on_from_where_it_was() {
        Saga extended = extended(started, HOUR, START.plusSeconds(1));
        assertThat(extended.deadline(definition)).isEqualTo(deadline.plus(HOUR));
        assertThat(extended(extended, HOUR, START.plusSeconds(2)).deadline(definition))
                .isEqualTo(deadline.plus(HOUR).plus(HOUR));
    }

    @Test
    void a_deadline_that_is_past_is_moved_on_from_now() {
        Instant late = deadline.plusSeconds(30);
        assertThat(extended(started, HOUR, late).deadline(definition)).isEqualTo(late.plus(HOUR));
        assertThat(extended(started, HOUR, deadline).deadline(definition)).isEqualTo(deadline.plus(HOUR));
    }

    @Test
    void nothing_is_sent_and_nobody_is_woken_earlier() {
        Decision.Moved moved = (Decision.Moved) decide(started, acted(new OperatorAction.Extend(HOUR)), START);
        assertThat(moved.commands()).isEmpty();
        assertThat(moved.wakeUp()).isNull();
        assertThat(moved.log().outcome()).isEqualTo("EXTENDED");
        assertThat(moved.log().actor()).isEqualTo("olga");
    }

    @Test
    void the_saga_is_not_turned_back_before_its_new_deadline_and_is_after_it() {
        Saga extended = extended(started, HOUR, START);
        Saga late = moved(extended, new SagaInput.TimerFired(), deadline);
        assertThat(late.phase()).isEqualTo(Phase.FORWARD);
        Saga tooLate = moved(extended, new SagaInput.TimerFired(), deadline.plus(HOUR));
        assertThat(tooLate.phase()).isEqualTo(Phase.COMPENSATING);
        assertThat(tooLate.reason()).isNotNull();
    }

    @Test
    void an_extension_has_bounds() {
        assertThat(decide(started, acted(new OperatorAction.Extend(Duration.ofSeconds(1))), START))
                .isInstanceOf(Decision.Moved.class);
        assertThat(decide(started, acted(new OperatorAction.Extend(Duration.ofDays(30))), START))
                .isInstanceOf(Decision.Moved.class);
        for (Duration by : List.of(
                Duration.ofMillis(999), Duration.ZERO, HOUR.negated(), Duration.ofDays(30).plusMillis(1))) {
            assertRefused(started, by, "is extended by");
        }
        assertRefused(extended(started, Duration.ofDays(30), START), Duration.ofSeconds(1), "is extended by");
    }

    @Test
    void what_has_no_deadline_cannot_be_extended() {
        Saga stuck = started.stuckBy(Stuck.Code.OUTCOME_UNKNOWN, "a", "Nobody knows.");
        assertRefused(stuck, HOUR, "is stuck");
        assertRefused(moved(stuck, acted(new OperatorAction.Retry()), START), HOUR, "was retried");
        assertRefused(moved(started, acted(new OperatorAction.Compensate()), START), HOUR, "will be undone");
        Saga undone = moved(
                started,
                ReplyArrived.not(SagaInput.Kind.REFUSED, "a", Direction.ACTION, 1, "NO", "No."),
                START);
        assertRefused(undone, HOUR, "is being undone");
        assertRefused(started.in(Phase.COMPLETED), HOUR, "has ended");
    }

    private void assertRefused(Saga saga, Duration by, String why) {
        assertThat(decide(saga, acted(new OperatorAction.Extend(by)), START.plusSeconds(1)))
                .isInstanceOfSatisfying(
                        Decision.Refused.class, refused -> assertThat(refused.why()).contains(why));
    }

    private Saga extended(Saga saga, Duration by, Instant now) {
        return moved(saga, acted(new OperatorAction.Extend(by)), now);
    }

    private Saga moved(Saga saga, SagaInput input, Instant now) {
        return ((Decision.Moved) decide(saga, input, now)).saga();
    }

    private Decision decide(Saga saga, SagaInput input, Instant now) {
        return SagaMachine.decide(definition, saga, input, now, 0);
    }

    private static SagaInput acted(OperatorAction action) {
        return new SagaInput.OperatorActed("olga", "Because.", action);
    }
}
