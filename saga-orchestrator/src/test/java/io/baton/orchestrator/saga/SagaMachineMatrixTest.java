package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What follows from every input in every state. The expectations are tables, one line a cell, which people read and
 * change by hand; the states are found by letting everything happen to a saga, so a state or an input that a table does
 * not have fails the test.
 */
class SagaMachineMatrixTest {

    @Test
    void every_input_in_every_state_leads_where_the_table_says() throws IOException {
        check(Matrix.ONE_BY_ONE);
    }

    @Test
    void every_input_in_every_state_of_steps_in_parallel_leads_where_the_table_says() throws IOException {
        check(Matrix.IN_PARALLEL);
    }

    @Test
    void nothing_is_thrown_by_a_state_that_cannot_be() {
        SagaDefinition<?> definition = Sample.small(2);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Step<?> a = definition.step("a").orElseThrow();
        Saga broken = Saga.unstarted(start).with(a, new Progress.Unknown(1));
        assertThat(SagaMachine.decide(definition, broken, new SagaInput.TimerFired(), start.plusSeconds(99), 0))
                .isInstanceOfSatisfying(Decision.Moved.class, moved -> assertThat(
                                Objects.requireNonNull(moved.saga().stuck()).code())
                        .isEqualTo(Stuck.Code.INVARIANT_BROKEN));
    }

    private static void check(Matrix matrix) throws IOException {
        Map<String, String> expected = matrix.table();
        Map<String, String> actual = matrix.cells();
        System.out.printf(
                "Cells of %s: %,d in %d states%n",
                matrix.table, actual.size(), matrix.states().size());
        assertThat(without(actual, expected)).as("cells that the table does not have").isEmpty();
        assertThat(without(expected, actual)).as("cells that the table has in vain").isEmpty();
        List<String> wrong = actual.keySet().stream()
                .filter(cell -> !actual.get(cell).equals(expected.get(cell)))
                .map(cell -> cell + "\n  should be: " + expected.get(cell) + "\n  but is:    " + actual.get(cell))
                .toList();
        assertThat(wrong).isEmpty();
    }

    private static Stream<String> without(Map<String, String> cells, Map<String, String> others) {
        return cells.keySet().stream().filter(cell -> !others.containsKey(cell));
    }
}
