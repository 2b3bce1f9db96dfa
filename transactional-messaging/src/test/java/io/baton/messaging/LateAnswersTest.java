package io.baton.messaging;

import static io.baton.messaging.BatchHarness.action;
import static io.baton.messaging.BatchHarness.compensation;
import static io.baton.messaging.BatchHarness.count;
import static io.baton.messaging.BatchHarness.summary;
import static io.baton.messaging.BatchHarness.uncount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.BatchHarness.Reply;
import io.baton.messaging.Counting.CountRefused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands whose answer depends on an outside system. On a real PostgreSQL. */
class LateAnswersTest {

    private static Database database;
    private BatchHarness harness;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
        harness.onCount = (count, context) -> Answer.later();
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void a_pending_command_is_answered_with_silence_and_later_under_its_newest_attempt_once() {
        assertThat(harness.handle(count(1, 1))).isEmpty();
        assertThat(harness.handle(count(1, 3))).isEmpty();
        assertThat(harness.handle(count(1, 2))).isEmpty();
        assertThat(harness.calls).hasSize(1);

        answer(action(1), Answer.done(BatchHarness.counted(1)));

        assertThat(summary(relayed())).containsExactly("test.Counted/DONE/3");
        assertThat(relayed().getFirst().headers()).containsEntry("ce_subject", action(1).sagaId().toString());
        assertThat(harness.rows("messaging.outbox")).isEqualTo(1);

        answer(action(1), Answer.done(BatchHarness.counted(1)));
        answer(action(1), Answer.refused(new CountRefused(new OrderId(1), "NO", "Too late")));
        assertThat(relayed()).as("a second answer says nothing").hasSize(1);

        Reply again = harness.handle(count(1, 4)).getFirst();
        assertThat(summary(List.of(again))).containsExactly("test.Counted/DONE/4");
        assertThat(again.body()).isEqualTo(relayed().getFirst().body());
        assertThat(harness.calls).hasSize(1);
    }

    @Test
    void copies_of_a_pending_command_in_one_batch_leave_its_newest_attempt_to_be_answered() {
        assertThat(harness.handle(count(1, 2), count(1, 3), count(1, 1))).isEmpty();

        answer(action(1), Answer.done(BatchHarness.counted(1)));

        assertThat(harness.calls).hasSize(1);
        assertThat(summary(relayed())).containsExactly("test.Counted/DONE/3");
    }

    @Test
    void a_late_refusal_is_remembered() {
        harness.handle(count(1, 1));
        answer(action(1), Answer.refused(new CountRefused(new OrderId(1), "DECLINED", "No")));

        assertThat(summary(relayed())).containsExactly("test.CountRefused/REFUSED/1");
        assertThat(summary(harness.handle(count(1, 2)))).containsExactly("test.CountRefused/REFUSED/2");
        assertThat(summary(harness.handle(uncount(1, 1)))).containsExactly("saga.NothingToUndo/DONE/1");
    }

    @Test
    void a_late_failure_is_forgotten_and_the_next_attempt_is_handled_anew() {
        harness.handle(count(1, 1));
        answer(action(1), Answer.failed("GATEWAY_DOWN", "The gateway is down", Duration.ZERO));

        assertThat(summary(relayed())).containsExactly("saga.CommandFailed/FAILED/1");
        assertThat(harness.rows("messaging.outcome")).isZero();
        harness.onCount = (count, context) -> Answer.done(BatchHarness.counted(1));
        assertThat(summary(harness.handle(count(1, 2)))).containsExactly("test.Counted/DONE/2");
        assertThat(harness.calls).hasSize(2);
    }

    @Test
    void a_compensation_of_a_pending_action_reaches_its_handler() {
        harness.handle(count(1, 1));

        assertThat(summary(harness.handle(uncount(1, 1)))).containsExactly("test.Uncounted/DONE/1");
        assertThat(harness.effects(compensation(1))).isEqualTo(1);
    }

    @Test
    void an_action_that_fails_late_after_its_compensation_never_comes_to_pass() {
        harness.handle(count(1, 1));
        harness.handle(uncount(1, 1));
        answer(action(1), Answer.failed("GATEWAY_DOWN", "The gateway is down", Duration.ZERO));
        harness.calls.clear();

        Reply late = harness.handle(count(1, 2)).getFirst();

        assertThat(late.outcome()).isEqualTo("REFUSED");
        assertThat(late.text()).contains("CANCELLED_BEFORE_EXECUTION");
        assertThat(harness.calls).as("the action must not take effect after it was undone").isEmpty();
    }

    @Test
    void an_action_that_fails_late_in_the_moment_of_its_compensation_makes_the_compensation_start_over() {
        harness.handle(count(1, 1));
        harness.onPrepare = () -> CompletableFuture.runAsync(
                        () -> answer(action(1), Answer.failed("GATEWAY_DOWN", "Down", Duration.ZERO)),
                        Thread::startVirtualThread)
                .join();
        assertThatExceptionOfType(LostRaceException.class).isThrownBy(() -> harness.handle(uncount(1, 1)));

        harness.onPrepare = () -> {};
        List<Reply> undone = harness.handle(List.of(harness.again(0, 1, uncount(1, 1))));

        assertThat(summary(undone)).containsExactly("saga.NothingToUndo/DONE/1");
        assertThat(harness.effects(compensation(1))).isZero();
    }

    @Test
    void the_trace_of_a_command_is_stored_with_it_and_goes_on_in_its_late_answer() {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        harness.handle(List.of(harness.record(0, harness.codec.encode(count(1, 1), parent))));

        answer(action(1), Answer.done(BatchHarness.counted(1)));

        assertThat(relayed().getFirst().headers()).containsEntry("traceparent", parent);
    }

    @Test
    void a_pending_compensation_is_answered_late_too_and_cannot_be_refused() {
        harness.onCount = (count, context) -> Answer.done(BatchHarness.counted(1));
        harness.handle(count(1, 1));
        harness.onUncount = (uncount, context) -> Answer.later();
        assertThat(harness.handle(uncount(1, 1))).isEmpty();

        answer(compensation(1), Answer.refused(new CountRefused(new OrderId(1), "NO", "Never")));
        assertThat(summary(relayed())).containsExactly("saga.CommandFailed/FAILED/1");

        assertThat(harness.handle(uncount(1, 2))).isEmpty();
        answer(compensation(1), Answer.done(new Counting.Uncounted(new OrderId(1))));
        assertThat(summary(relayed())).containsExactly("saga.CommandFailed/FAILED/1", "test.Uncounted/DONE/2");
    }

    @Test
    void an_answer_that_is_rolled_back_was_never_given() {
        harness.handle(count(1, 1));
        harness.transactions.executeWithoutResult(status -> {
            harness.lateAnswers.answer(action(1), Answer.done(BatchHarness.counted(1)));
            status.setRollbackOnly();
        });

        assertThat(relayed()).isEmpty();
        assertThat(harness.handle(count(1, 2))).isEmpty();
        answer(action(1), Answer.done(BatchHarness.counted(1)));
        assertThat(summary(relayed())).containsExactly("test.Counted/DONE/2");
    }

    @Test
    void an_answer_needs_a_transaction_a_pending_command_and_an_end() {
        Answer done = Answer.done(BatchHarness.counted(1));
        assertThatIllegalStateException().isThrownBy(() -> harness.lateAnswers.answer(action(1), done));
        assertThatIllegalStateException().isThrownBy(() -> answer(action(1), done)).withMessageContaining("not known");
        harness.handle(count(1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> answer(action(1), Answer.later()));
    }

    private void answer(CommandKey key, Answer answer) {
        harness.transactions.executeWithoutResult(status -> harness.lateAnswers.answer(key, answer));
    }

    private List<Reply> relayed() {
        return harness.relayed.stream().map(harness::read).toList();
    }
}
