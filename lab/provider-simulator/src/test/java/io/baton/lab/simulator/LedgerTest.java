package io.baton.lab.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.lab.simulator.LedgerEntry.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    @TempDir
    Path folder;

    @Test
    void a_restarted_simulator_knows_what_was_charged_before() throws Exception {
        Path state = folder.resolve("ledger.jsonl");
        String charged;
        try (var simulator = ProviderSimulator.start("127.0.0.1", 0, state);
                var client = new GatewayClient(simulator)) {
            charged = client.charge("k", "tok_ok", 100).body();
            client.refund("r", "k");
        }
        try (var simulator = ProviderSimulator.start("127.0.0.1", 0, state);
                var client = new GatewayClient(simulator)) {
            assertThat(simulator.ledger()).hasSize(2);
            assertThat(client.charge("k", "tok_ok", 100).body()).isEqualTo(charged);
            assertThat(client.refund("r2", "k").statusCode()).isEqualTo(409);
            assertThat(simulator.ledger()).hasSize(2);
        }
    }

    @Test
    void a_torn_last_line_is_cut_off() throws Exception {
        Path state = folder.resolve("ledger.jsonl");
        try (Ledger ledger = Ledger.open(state)) {
            ledger.book("a", LedgerTest::entry);
        }
        Files.writeString(state, "{\"id\":\"ch_2\",\"ki", StandardOpenOption.APPEND);

        try (Ledger ledger = Ledger.open(state)) {
            assertThat(ledger.entries()).hasSize(1);
            ledger.book("b", number -> new LedgerEntry(
                    "ch_" + number, Kind.CAPTURE, "b", "b", "order-2", 5, "EUR", Instant.EPOCH));
        }

        try (Ledger ledger = Ledger.open(state)) {
            assertThat(ledger.entries()).extracting(LedgerEntry::idempotencyKey).containsExactly("a", "b");
        }
    }

    @Test
    void a_file_that_is_no_ledger_stops_the_start_and_is_not_changed() throws Exception {
        Path state = folder.resolve("diary.txt");
        Files.writeString(state, "Dear diary\nhello");

        assertThatThrownBy(() -> Ledger.open(state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Dear diary");
        assertThat(state).hasContent("Dear diary\nhello");
    }

    @Test
    void many_threads_with_one_key_book_one_entry() throws Exception {
        Ledger ledger = Ledger.inMemory();
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                threads.submit(() -> {
                    start.await();
                    return ledger.book("a", LedgerTest::entry);
                });
            }
            start.countDown();
        }
        assertThat(ledger.entries()).hasSize(1);
    }

    private static LedgerEntry entry(int number) {
        return new LedgerEntry("ch_" + number, Kind.CAPTURE, "a", "a", "order-1", 5, "EUR", Instant.EPOCH);
    }
}
