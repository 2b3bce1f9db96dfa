package io.baton.messaging;

import static io.baton.messaging.BatchHarness.action;
import static io.baton.messaging.BatchHarness.compensation;
import static io.baton.messaging.BatchHarness.count;
import static io.baton.messaging.BatchHarness.probe;
import static io.baton.messaging.BatchHarness.summary;
import static io.baton.messaging.BatchHarness.uncount;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.BatchHarness.Reply;
import io.baton.messaging.Counting.Count;
import io.baton.messaging.Counting.CountRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a participant answers to commands that come twice, too late, or in the wrong order. On a real PostgreSQL. */
class CommandReceiverTest {

    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private static Database database;
    private BatchHarness harness;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void the_same_command_twice_has_one_effect_and_two_equal_answers() {
        Reply first = harness.handle(count(1, 1)).getFirst();
        Reply second = harness.handle(count(1, 2)).getFirst();

        assertThat(harness.effects(action(1))).isEqualTo(1);
        assertThat(harness.calls).hasSize(1);
        assertThat(first.topic()).isEqualTo("saga.replies");
        assertThat(first.type()).isEqualTo("test.Counted");
        assertThat(first.outcome()).isEqualTo("DONE");
        assertThat(first.attempt()).isEqualTo("1");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.type()).isEqualTo(first.type());
        assertThat(second.outcome()).isEqualTo("DONE");
        assertThat(second.attempt()).as("each copy is answered under its own attempt").isEqualTo("2");
        assertThat(second.headers())
                .containsEntry(MessageHeaders.SAGA_ID, action(1).sagaId().toString())
                .containsEntry(MessageHeaders.STEP, Counting.STEP)
                .containsEntry(MessageHeaders.DIRECTION, "ACTION")
                .containsEntry(MessageHeaders.SUBJECT, action(1).sagaId().toString())
                .containsEntry(MessageHeaders.COMMAND_POSITION, BatchHarness.COMMANDS + "-0@1");
    }

    @Test
    void copies_in_one_batch_have_one_effect_and_an_answer_each() {
        List<Reply> replies = harness.handle(count(1, 1), count(1, 1), count(2, 1), count(1, 2));

        assertThat(harness.effects(action(1))).isEqualTo(1);
        assertThat(harness.effects(action(2))).isEqualTo(1);
        assertThat(summary(replies))
                .containsExactly(
                        "test.Counted/DONE/1", "test.Counted/DONE/1", "test.Counted/DONE/1", "test.Counted/DONE/2");
    }

    @Test
    void the_same_saga_may_send_the_same_command_in_another_step() {
        CommandKey other = new CommandKey(action(1).sagaId(), "recounting", Direction.ACTION);

        harness.handle(
                count(1, 1),
                Counting.command(BatchHarness.COMMANDS, other, 1, Counting.NEVER, new Count(new OrderId(1), 1)));

        assertThat(harness.calls).extracting(CommandContext::key).containsExactly(action(1), other);
    }

    @Test
    void a_probe_is_answered_like_the_command_it_asks_for_and_has_no_effect() {
        harness.handle(count(1, 1));

        Reply told = harness.handle(probe(1, 2)).getFirst();

        assertThat(summary(List.of(told))).containsExactly("test.Counted/DONE/2");
        assertThat(harness.calls).hasSize(1);
        assertThat(harness.effects(action(1))).isEqualTo(1);
    }

    @Test
    void a_probe_of_a_command_that_never_came_says_so_and_leaves_the_command_free_to_come() {
        Reply unknown = harness.handle(probe(1, 2)).getFirst();
        Reply done = harness.handle(count(1, 3)).getFirst();

        assertThat(summary(List.of(unknown, done))).containsExactly("saga.CommandFailed/FAILED/2", "test.Counted/DONE/3");
        assertThat(unknown.text()).contains("NEVER_SEEN");
        assertThat(harness.effects(action(1))).isEqualTo(1);
    }

    @Test
    void a_probe_of_a_command_that_is_under_way_is_answered_when_the_command_is() {
        harness.onCount = (count, context) -> Answer.later();

        assertThat(harness.handle(count(1, 1), probe(1, 2))).isEmpty();
        assertThat(harness.handle(probe(1, 3))).isEmpty();

        assertThat(harness.calls).hasSize(1);
    }

    @Test
    void a_refusal_is_remembered() {
        harness.onCount = (count, context) -> Answer.refused(new CountRefused(count.orderId(), "TOO_MANY", "No more"));
        Reply first = harness.handle(count(1, 1)).getFirst();
        harness.onCount = (count, context) -> Answer.done(BatchHarness.counted(1));
        Reply second = harness.handle(count(1, 2)).getFirst();

        assertThat(harness.calls).hasSize(1);
        assertThat(summary(List.of(first, second)))
                .containsExactly("test.CountRefused/REFUSED/1", "test.CountRefused/REFUSED/2");
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void a_failure_is_not_remembered() {
        harness.onCount = (count, context) -> Answer.failed("BUSY", "Come again", Duration.ofSeconds(3));
        Reply failed = harness.handle(count(1, 1)).getFirst();
        assertThat(harness.rows("messaging.outcome")).isZero();
        harness.onCount = (count, context) -> Answer.done(BatchHarness.counted(1));
        Reply done = harness.handle(count(1, 2)).getFirst();

        assertThat(summary(List.of(failed, done)))
                .containsExactly("saga.CommandFailed/FAILED/1", "test.Counted/DONE/2");
        assertThat(failed.text()).contains("\"BUSY\"").contains("3000");
        assertThat(harness.calls).extracting(CommandContext::attempt).containsExactly(1, 2);
    }

    @Test
    void a_compensation_that_overtakes_its_action_wins() {
        assertThat(summary(harness.handle(uncount(1, 1)))).containsExactly("saga.NothingToUndo/DONE/1");

        for (int attempt = 1; attempt <= 3; attempt++) {
            Reply late = harness.handle(count(1, attempt)).getFirst();
            assertThat(late.outcome()).isEqualTo("REFUSED");
            assertThat(late.text()).contains("CANCELLED_BEFORE_EXECUTION");
            assertThat(late.attempt()).isEqualTo(Integer.toString(attempt));
        }
        assertThat(summary(harness.handle(uncount(1, 2)))).containsExactly("saga.NothingToUndo/DONE/2");
        assertThat(harness.calls).isEmpty();
        assertThat(harness.rows("effect")).isZero();
    }

    @Test
    void a_compensation_of_what_no_command_did_is_handled_without_an_action() {
        harness.actionGiven = true;

        assertThat(summary(harness.handle(uncount(1, 1), uncount(1, 2))))
                .containsExactly("test.Uncounted/DONE/1", "test.Uncounted/DONE/2");
        assertThat(harness.calls).extracting(CommandContext::key).containsExactly(compensation(1));
    }

    @Test
    void a_compensation_is_handled_once_however_often_its_action_came() {
        harness.handle(count(1, 1));
        harness.handle(count(1, 2));
        List<Reply> undone = harness.handle(uncount(1, 1));
        List<Reply> again = harness.handle(uncount(1, 2));

        assertThat(summary(undone)).containsExactly("test.Uncounted/DONE/1");
        assertThat(summary(again)).containsExactly("test.Uncounted/DONE/2");
        assertThat(again.getFirst().body()).isEqualTo(undone.getFirst().body());
        assertThat(harness.effects(action(1))).isEqualTo(1);
        assertThat(harness.effects(compensation(1))).isEqualTo(1);
        assertThat(summary(harness.handle(count(1, 3)))).containsExactly("test.Counted/DONE/3");
        assertThat(harness.effects(action(1))).isEqualTo(1);
    }

    @Test
    void there_is_nothing_to_undo_of_a_refused_action() {
        harness.onCount = (count, context) -> Answer.refused(new CountRefused(count.orderId(), "TOO_MANY", "No more"));
        harness.handle(count(1, 1));

        assertThat(summary(harness.handle(uncount(1, 1)))).containsExactly("saga.NothingToUndo/DONE/1");
        assertThat(harness.effects(compensation(1))).isZero();
        assertThat(summary(harness.handle(count(1, 2)))).containsExactly("test.CountRefused/REFUSED/2");
    }

    @Test
    void there_is_nothing_to_undo_of_a_failed_action_which_then_never_comes_to_pass() {
        harness.onCount = (count, context) -> Answer.failed("BUSY", "Come again", Duration.ZERO);
        harness.handle(count(1, 1));
        harness.calls.clear();

        assertThat(summary(harness.handle(uncount(1, 1)))).containsExactly("saga.NothingToUndo/DONE/1");
        assertThat(summary(harness.handle(count(1, 2)))).containsExactly("saga.CommandRefused/REFUSED/2");
        assertThat(harness.calls).isEmpty();
    }

    @Test
    void a_compensation_cannot_be_refused() {
        harness.handle(count(1, 1));
        harness.onUncount = (uncount, context) -> Answer.refused(new CountRefused(uncount.orderId(), "NO", "Never"));
        Reply failed = harness.handle(uncount(1, 1)).getFirst();

        assertThat(failed.outcome()).isEqualTo("FAILED");
        assertThat(failed.text()).contains("COMPENSATION_REFUSED").contains("Never");

        harness.onUncount = (uncount, context) -> Answer.done(new Counting.Uncounted(uncount.orderId()));
        assertThat(summary(harness.handle(uncount(1, 2)))).containsExactly("test.Uncounted/DONE/2");
    }

    @Test
    void an_action_and_its_compensation_in_one_batch_are_handled_in_their_order() {
        List<Reply> replies = harness.handle(count(1, 1), uncount(1, 1), uncount(2, 1), count(2, 1), count(1, 2));

        assertThat(summary(replies))
                .containsExactly(
                        "test.Counted/DONE/1",
                        "test.Uncounted/DONE/1",
                        "saga.NothingToUndo/DONE/1",
                        "saga.CommandRefused/REFUSED/1",
                        "test.Counted/DONE/2");
        assertThat(harness.effects(action(1))).isEqualTo(1);
        assertThat(harness.effects(compensation(1))).isEqualTo(1);
        assertThat(harness.effects(action(2))).isZero();
    }

    @Test
    void an_unknown_action_past_its_expiry_fails_and_is_carried_out_when_it_is_sent_anew() {
        Reply expired = harness.handle(count(1, 1, LONG_AGO)).getFirst();

        assertThat(expired.outcome()).isEqualTo("FAILED");
        assertThat(expired.text()).contains("\"EXPIRED\"");
        assertThat(harness.calls).isEmpty();

        assertThat(summary(harness.handle(count(1, 2)))).containsExactly("test.Counted/DONE/2");
        assertThat(summary(harness.handle(count(1, 1, LONG_AGO)))).as("it is known now").containsExactly("test.Counted/DONE/1");
        assertThat(harness.effects(action(1))).isEqualTo(1);
    }

    @Test
    void an_action_past_its_expiry_leaves_nothing_to_undo_and_is_refused_once_that_was_said() {
        harness.handle(count(1, 1, LONG_AGO));

        assertThat(summary(harness.handle(uncount(1, 1)))).containsExactly("saga.NothingToUndo/DONE/1");
        assertThat(summary(harness.handle(count(1, 2)))).containsExactly("saga.CommandRefused/REFUSED/2");
        assertThat(harness.calls).isEmpty();
    }

    @Test
    void a_known_action_past_its_expiry_gets_its_remembered_answer() {
        harness.handle(count(1, 1));

        assertThat(summary(harness.handle(count(1, 2, LONG_AGO)))).containsExactly("test.Counted/DONE/2");
        assertThat(harness.calls).hasSize(1);
    }

    @Test
    void a_compensation_does_not_expire() {
        harness.handle(count(1, 1));
        OutgoingMessage late = Counting.command(
                BatchHarness.COMMANDS, compensation(1), 1, LONG_AGO, new Counting.Uncount(new OrderId(1)));

        assertThat(summary(harness.handle(late))).containsExactly("test.Uncounted/DONE/1");
    }

    @Test
    void handlers_are_prepared_once_for_the_commands_that_are_new() {
        harness.handle(count(1, 1));
        harness.prepared.clear();

        harness.handle(count(1, 2), count(2, 1), count(3, 1), uncount(1, 1));

        assertThat(harness.prepared)
                .containsExactly(
                        List.of(new Count(new OrderId(2), 2), new Count(new OrderId(3), 3)),
                        List.of(new Counting.Uncount(new OrderId(1))));
    }

    @Test
    void a_reply_goes_on_with_the_trace_of_its_command() {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

        List<Reply> replies = harness.handle(List.of(
                harness.record(0, harness.codec.encode(count(1, 1), parent)), harness.record(0, count(2, 1))));

        assertThat(replies.getFirst().headers()).containsEntry("traceparent", parent);
        assertThat(replies.getLast().headers()).doesNotContainKey("traceparent");
    }

    @Test
    void a_command_without_its_headers_is_a_dead_letter_and_its_neighbours_are_handled() {
        OutgoingMessage bare = new OutgoingMessage(
                BatchHarness.COMMANDS, "k", "id", new Count(new OrderId(9), 9), Map.of());

        List<Reply> said = harness.handle(count(1, 1), bare, count(2, 1));

        assertThat(said).extracting(Reply::topic)
                .containsExactlyInAnyOrder("saga.replies", "test.commands-dlt", "saga.replies");
    }
}
