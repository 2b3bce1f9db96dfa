package io.baton.orchestrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.baton.contract.OrderId;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.orchestrator.cancellation.OrderCancellation;
import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.SagaDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What sagas of each version were told and what they sent, as it was recorded when the version was new. This program
 * must send the same. A version without a file is recorded by {@code -Dbaton.histories.write=true}; a file is never
 * written again, and goes when no saga of its version can be open any more.
 */
class RecordedHistoriesTest {

    private static final Path FILES = Path.of("src/test/resources/histories");

    private static final List<SagaDefinition<?>> DEFINITIONS =
            List.of(OrderFulfilment.definition(), OrderCancellation.definition());

    @TestFactory
    Stream<DynamicTest> this_program_sends_what_was_sent_then() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files()) {
            List<String> lines = Files.readAllLines(file);
            RecordedHistory.Header header = RecordedHistory.header(lines.getFirst());
            SagaDefinition<?> definition = DEFINITIONS.stream()
                    .filter(known -> known.name().equals(header.definition()) && known.version() == header.version())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("Expected this program to have " + header));
            for (String line : lines.subList(1, lines.size())) {
                RecordedHistory history = RecordedHistory.read(line);
                tests.add(dynamicTest(file.getFileName() + " " + history.name(), () ->
                        assertThat(history.replayed(header.applyTo(definition))).isEqualTo(history.told())));
            }
        }
        return tests.stream();
    }

    @Test
    void every_version_that_this_program_has_is_recorded() throws IOException {
        for (SagaDefinition<?> definition : DEFINITIONS) {
            Path file = FILES.resolve(definition.name() + "-" + definition.version() + ".jsonl");
            if (Boolean.getBoolean("baton.histories.write") && Files.notExists(file)) {
                Files.createDirectories(FILES);
                Files.write(file, RecordedHistory.recorded(definition, data(definition)));
            }
            assertThat(file).as("histories, recorded with -Dbaton.histories.write=true").exists();
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.sorted().toList();
        }
    }

    private static Record data(SagaDefinition<?> definition) {
        OrderId order = new OrderId(4711);
        return definition.dataType() == CancelCompletedOrder.class
                ? new CancelCompletedOrder(order, "CANCELLED_BY_CUSTOMER", "Changed my mind.")
                : ExecutionBench.fulfil(order);
    }
}
