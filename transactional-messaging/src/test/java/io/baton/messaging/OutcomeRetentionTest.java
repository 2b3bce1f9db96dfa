package io.baton.messaging;

import static io.baton.messaging.BatchHarness.action;
import static io.baton.messaging.BatchHarness.compensation;
import static io.baton.messaging.BatchHarness.count;
import static io.baton.messaging.BatchHarness.summary;
import static io.baton.messaging.BatchHarness.uncount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.baton.contract.Tsid;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.BatchHarness.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is forgotten when, and what becomes of commands that ask for it. On a real PostgreSQL. */
class OutcomeRetentionTest {

    private static final Instant NOW = Instant.parse("2024-06-15T12:00:00Z");
    private static final long OLD = saga(Duration.ofDays(30).plusSeconds(1));
    private static final long YOUNG = saga(Duration.ofDays(30).minusSeconds(1));

    private static Database database;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private BatchHarness harness;
    private OutcomeRetention retention;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
        retention = new OutcomeRetention(
                harness.outcomes, harness.transactions, Duration.ofDays(30), new MessagingMeters(meters));
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void outcomes_and_tombstones_are_removed_when_their_saga_is_past_the_retention() {
        harness.handle(count(OLD, 1), uncount(OLD, 1), uncount(OLD + 1, 1), count(YOUNG, 1), uncount(YOUNG + 1, 1));

        retention.forget(NOW);

        assertThat(harness.rows("messaging.outcome WHERE saga_id < " + YOUNG)).isZero();
        assertThat(harness.rows("messaging.outcome")).isEqualTo(3);
        assertThat(removed()).isEqualTo(4);
    }

    /** The executor that runs it drops a task that throws. */
    @Test
    void an_error_does_not_end_the_forgetting() {
        Outcomes broken = mock(Outcomes.class);
        when(broken.now()).thenThrow(new OutOfMemoryError("as if"));

        assertThatCode(new OutcomeRetention(
                        broken, harness.transactions, Duration.ofDays(30), new MessagingMeters(meters))::run)
                .doesNotThrowAnyException();
    }

    @Test
    void a_command_whose_outcome_may_have_been_forgotten_has_no_effect_and_is_not_said_to_have_had_none() {
        harness.handle(count(OLD, 1));
        retention.forget(NOW);

        List<Reply> said = harness.handle(count(OLD, 2), uncount(OLD, 1));

        assertThat(summary(said)).containsExactly("saga.CommandFailed/FAILED/2", "saga.CommandFailed/FAILED/1");
        assertThat(said).extracting(Reply::text).allSatisfy(text -> assertThat(text).contains("OUTCOME_FORGOTTEN"));
        assertThat(harness.effects(action(OLD))).isEqualTo(1);
        assertThat(harness.effects(compensation(OLD))).isZero();
        assertThat(harness.rows("messaging.outcome")).as("a failure is not remembered").isZero();
    }

    @Test
    void a_saga_however_old_of_whose_time_nothing_was_forgotten_goes_on() {
        retention.forget(NOW);

        assertThat(summary(harness.handle(count(OLD, 1), uncount(YOUNG, 1))))
                .containsExactly("test.Counted/DONE/1", "saga.NothingToUndo/DONE/1");
    }

    @Test
    void what_is_pending_is_kept_until_the_day_after_its_answer() {
        harness.onCount = (count, context) -> Answer.later();
        harness.handle(count(OLD, 1));
        retention.forget(NOW);
        assertThat(harness.rows("messaging.outcome")).isEqualTo(1);

        harness.transactions.executeWithoutResult(
                status -> harness.lateAnswers.answer(action(OLD), Answer.done(BatchHarness.counted(1))));
        retention.forget(NOW.plusSeconds(10));
        assertThat(harness.rows("messaging.outcome")).isEqualTo(1);

        retention.forget(NOW.plus(Duration.ofDays(1)).plusSeconds(1));
        assertThat(harness.rows("messaging.outcome")).isZero();
    }

    @Test
    void many_are_removed_in_short_transactions_and_over_several_runs() {
        int perRun = OutcomeRetention.ROWS_PER_TRANSACTION * OutcomeRetention.TRANSACTIONS_PER_RUN;
        harness.jdbc.update(
                "INSERT INTO messaging.outcome (saga_id, step, direction, status, attempt, reply_key) "
                        + "SELECT ? + n / 2, 'step' || n % 2, 0, 1, 1, 'key' FROM generate_series(1, ?) n",
                OLD - perRun,
                perRun + 700);

        retention.forget(NOW);
        assertThat(harness.rows("messaging.outcome")).isEqualTo(700);

        retention.forget(NOW.plusSeconds(10));
        assertThat(harness.rows("messaging.outcome")).isZero();
        assertThat(removed()).isEqualTo(perRun + 700);
    }

    @Test
    void what_another_transaction_holds_is_not_waited_for() {
        harness.handle(count(OLD, 1), count(OLD + 1, 1));

        harness.transactions.executeWithoutResult(status -> {
            harness.outcomes.lock(action(OLD));
            Thread other = Thread.startVirtualThread(() -> retention.forget(NOW));
            join(other);
        });

        assertThat(harness.rows("messaging.outcome")).isEqualTo(1);
        assertThat(removed()).isEqualTo(1);
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private double removed() {
        return meters.get("baton.messaging.outcomes.forgotten").counter().count();
    }

    private static long saga(Duration age) {
        return Tsid.floor(NOW.minus(age).toEpochMilli());
    }
}
