package io.baton.messaging;

import static io.baton.messaging.BatchHarness.EVENTS;
import static io.baton.messaging.BatchHarness.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.BatchHarness.Reply;
import io.baton.messaging.Counting.Noted;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where messages wait that are said inside and outside of a batch. On a real PostgreSQL. */
class OutboxTest {

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
    void what_a_handler_says_goes_with_the_batch_and_needs_no_row_of_its_own() {
        harness.onCount = (count, context) -> {
            harness.outbox.send(noted(count.number()));
            return Answer.done(BatchHarness.counted(count.number()));
        };

        List<Reply> said = harness.handle(count(1, 1), count(2, 1));

        assertThat(said).extracting(Reply::type)
                .containsExactly("test.Noted", "test.Counted", "test.Noted", "test.Counted");
        assertThat(harness.rows("messaging.outbox")).isZero();
        assertThat(harness.relayed).isEmpty();
        assertThat(EncodedMessage.unpack(harness.jdbc.queryForObject(
                        "SELECT output FROM messaging.position", byte[].class)))
                .hasSize(4);
    }

    @Test
    void what_a_handler_says_before_it_fails_is_not_said() {
        harness.onCount = (count, context) -> {
            harness.outbox.send(noted(count.number()));
            throw new IllegalStateException("a bug");
        };

        assertThat(harness.handle(count(1, 1)))
                .extracting(Reply::topic)
                .containsExactly(BatchHarness.COMMANDS + "-dlt", "saga.replies");
    }

    @Test
    void all_messages_of_one_transaction_outside_of_a_batch_are_one_row() {
        harness.transactions.executeWithoutResult(status -> {
            harness.outbox.send(noted(1));
            assertThat(harness.rows("messaging.outbox")).as("written once, at the end").isZero();
            harness.outbox.send(List.of(noted(2), noted(3)));
            assertThat(harness.relayed).as("nothing is sent before the commit").isEmpty();
        });

        assertThat(harness.rows("messaging.outbox")).isEqualTo(1);
        byte[] row = harness.jdbc.queryForObject("SELECT records FROM messaging.outbox", byte[].class);
        assertThat(EncodedMessage.unpack(row)).usingRecursiveComparison().isEqualTo(harness.relayed);
        assertThat(harness.relayed).extracting(message -> harness.read(message).text())
                .satisfiesExactly(
                        text -> assertThat(text).contains("\"number\":1"),
                        text -> assertThat(text).contains("\"number\":2"),
                        text -> assertThat(text).contains("\"number\":3"));
    }

    @Test
    void a_transaction_that_rolls_back_leaves_no_row_and_sends_nothing() {
        harness.transactions.executeWithoutResult(status -> {
            harness.outbox.send(noted(1));
            status.setRollbackOnly();
        });

        assertThat(harness.rows("messaging.outbox")).isZero();
        assertThat(harness.relayed).isEmpty();
    }

    @Test
    void a_transaction_whose_commit_fails_sends_nothing() {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> harness.transactions.executeWithoutResult(status -> {
                    harness.outbox.send(noted(1));
                    harness.jdbc.update("INSERT INTO bounded VALUES (5000)");
                }));

        assertThat(harness.rows("messaging.outbox")).isZero();
        assertThat(harness.relayed).isEmpty();
    }

    @Test
    void a_transaction_inside_another_has_a_row_of_its_own() {
        TransactionTemplate inner = new TransactionTemplate(harness.transactions.getTransactionManager());
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        harness.transactions.executeWithoutResult(status -> {
            harness.outbox.send(noted(1));
            inner.executeWithoutResult(own -> harness.outbox.send(noted(2)));
            assertThat(harness.relayed).hasSize(1);
            harness.outbox.send(noted(3));
            status.setRollbackOnly();
        });

        assertThat(harness.rows("messaging.outbox")).isEqualTo(1);
        assertThat(harness.relayed).hasSize(1);
    }

    @Test
    void what_another_bean_says_just_before_the_commit_is_stored_and_sent() {
        harness.transactions.executeWithoutResult(status -> beforeCommit(() -> harness.outbox.send(noted(1))));

        assertThat(stored()).usingRecursiveComparison().isEqualTo(harness.relayed);
        assertThat(harness.relayed).hasSize(1);
    }

    @Test
    void what_another_bean_says_when_the_row_is_written_has_a_row_of_its_own() {
        harness.transactions.executeWithoutResult(status -> {
            harness.outbox.send(noted(1));
            beforeCommit(() -> harness.outbox.send(noted(2)));
        });

        assertThat(harness.rows("messaging.outbox")).isEqualTo(2);
        assertThat(stored()).usingRecursiveComparison().isEqualTo(harness.relayed);
        assertThat(harness.relayed).extracting(message -> harness.read(message).text())
                .satisfiesExactly(
                        text -> assertThat(text).contains("\"number\":1"),
                        text -> assertThat(text).contains("\"number\":2"));
    }

    @Test
    void what_is_said_just_before_the_commit_is_neither_stored_nor_sent_if_that_fails() {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> harness.transactions.executeWithoutResult(status -> beforeCommit(() -> {
                    harness.outbox.send(noted(1));
                    harness.jdbc.update("INSERT INTO bounded VALUES (5000)");
                })));
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> harness.transactions.executeWithoutResult(status -> beforeCommit(() -> {
                    harness.outbox.send(noted(1));
                    harness.jdbc.update("INSERT INTO bounded VALUES (-1)");
                })));

        assertThat(harness.rows("messaging.outbox")).isZero();
        assertThat(harness.relayed).isEmpty();
    }

    @Test
    void what_is_said_after_the_commit_is_sent_all_the_same_and_does_not_touch_the_next_transaction() {
        harness.transactions.executeWithoutResult(status -> afterCommit(() -> harness.outbox.send(noted(1))));
        harness.transactions.executeWithoutResult(status -> {
            harness.outbox.send(noted(2));
            afterCommit(() -> harness.outbox.send(noted(3)));
        });
        harness.transactions.executeWithoutResult(status -> harness.outbox.send(noted(4)));

        assertThat(harness.rows("messaging.outbox")).as("only what was said in time").isEqualTo(2);
        assertThat(harness.relayed).extracting(message -> harness.read(message).text())
                .satisfiesExactly(
                        text -> assertThat(text).contains("\"number\":1"),
                        text -> assertThat(text).contains("\"number\":2"),
                        text -> assertThat(text).contains("\"number\":3"),
                        text -> assertThat(text).contains("\"number\":4"));
    }

    @Test
    void a_transaction_of_its_own_after_the_commit_has_a_row_of_its_own() {
        TransactionTemplate own = new TransactionTemplate(harness.transactions.getTransactionManager());
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        harness.transactions.executeWithoutResult(status -> {
            harness.outbox.send(noted(1));
            afterCommit(() -> own.executeWithoutResult(inner -> harness.outbox.send(noted(2))));
        });

        assertThat(harness.rows("messaging.outbox")).isEqualTo(2);
        assertThat(harness.relayed).hasSize(2);
    }

    @Test
    void nothing_can_be_said_without_a_transaction_or_against_the_contract() {
        assertThatIllegalStateException().isThrownBy(() -> harness.outbox.send(noted(1)));
        OutgoingMessage astray = new OutgoingMessage("saga.replies", "k", "id", new Noted(new OrderId(1), 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harness.transactions.executeWithoutResult(status -> harness.outbox.send(astray)));
        assertThat(harness.rows("messaging.outbox")).isZero();
    }

    /** Every message of every row, in order. */
    private List<EncodedMessage> stored() {
        return harness.jdbc.queryForList("SELECT records FROM messaging.outbox ORDER BY id", byte[].class).stream()
                .flatMap(row -> EncodedMessage.unpack(row).stream())
                .toList();
    }

    private static void beforeCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                work.run();
            }
        });
    }

    private static void afterCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.run();
            }
        });
    }

    private static OutgoingMessage noted(int number) {
        return new OutgoingMessage(EVENTS, "key", "id-" + number, new Noted(new OrderId(number), number));
    }
}
