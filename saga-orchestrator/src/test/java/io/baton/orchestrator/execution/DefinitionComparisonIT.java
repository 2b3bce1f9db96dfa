package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.test.Database;
import io.baton.messaging.test.TestInfrastructure;
import io.baton.orchestrator.SagaOrchestratorApplication;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command that a deployment runs before it starts a new program, run as it would be. */
class DefinitionComparisonIT {

    private final Database database = TestInfrastructure.newDatabase("compared");
    private final ExecutionBench bench = new ExecutionBench(database);

    @Test
    void a_program_that_can_go_on_with_every_open_saga_ends_with_zero() throws Exception {
        OutgoingMessage charge = bench.batch(bench.request(bench.nextOrder())).getFirst();
        bench.batch(bench.done(charge));
        bench.batch(bench.request(bench.nextOrder()), bench.request(bench.nextOrder()));
        complete(bench.nextOrder());

        Ended ended = compare();
        assertThat(ended.code()).as(ended.words()).isZero();
        assertThat(ended.words())
                .containsPattern("1 order-fulfilment version 1 hash [0-9a-f]{16} in state PAYMENT_COMPLETED: goes on")
                .containsPattern("2 order-fulfilment version 1 hash [0-9a-f]{16} in state STARTED: goes on")
                .contains("3 open sagas; 0 of them would have no step to go on with")
                .doesNotContain("COMPLETED: 1", "Tomcat", "saga-timers");
    }

    @Test
    void one_that_would_leave_sagas_behind_says_which_and_ends_with_three() throws Exception {
        bench.batch(bench.request(bench.nextOrder()), bench.request(bench.nextOrder()));
        OrderId otherwise = bench.nextOrder();
        OrderId older = bench.nextOrder();
        bench.batch(bench.request(otherwise), bench.request(older));
        bench.jdbc.update("UPDATE saga_data SET definition_hash = 'ffff' WHERE id = ?", bench.sagaId(otherwise));
        bench.jdbc.update("UPDATE saga_data SET definition_version = 99 WHERE id = ?", bench.sagaId(older));

        Ended ended = compare();
        assertThat(ended.code()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words())
                .contains("1 order-fulfilment version 1 hash ffff in state STARTED: HAS NO DEFINITION HERE")
                .containsPattern("1 order-fulfilment version 99 hash \\w+ in state STARTED: HAS NO DEFINITION HERE")
                .contains("4 open sagas; 2 of them would have no step to go on with");
    }

    private void complete(OrderId order) {
        List<OutgoingMessage> last = bench.batch(bench.request(order));
        while (!last.isEmpty()) {
            last = bench.batch(bench.done(last.getFirst()));
        }
    }

    private record Ended(int code, String words) {}

    private Ended compare() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SagaOrchestratorApplication.class.getName(),
                        "--baton.compare-definitions",
                        "--spring.datasource.url=" + database.jdbcUrl(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password())
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), words);
    }
}
