package io.baton.orchestrator.testkit.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** If the fault matrix did not find these, it would prove less than it seems to. */
class PlantedMistakesIT {

    @TempDir
    private Path classes;

    @ParameterizedTest
    @EnumSource
    void the_fault_matrix_finds(PlantedMistake mistake) throws ReflectiveOperationException {
        long began = System.nanoTime();
        String broken = firstBrokenCell(mistake.edits());
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        System.out.printf("%-52s found in %,5d ms by %s%n", mistake, took.toMillis(), broken);
        assertThat(broken).as("the first cell that does not hold").contains(mistake.foundBy() + "': ");
    }

    @Test
    void it_finds_nothing_where_no_mistake_is() throws ReflectiveOperationException {
        Edit none = new Edit("saga-orchestrator", "io.baton.orchestrator.execution.Sagas", "final class Sagas {", "final class Sagas {");
        assertThat(firstBrokenCell(List.of(none))).isEmpty();
    }

    @SuppressWarnings("unchecked") // It is loaded anew, as what it says it is.
    private String firstBrokenCell(List<Edit> edits) throws ReflectiveOperationException {
        MistakenProgram program = MistakenProgram.with(edits, classes);
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(program);
        try {
            return ((Supplier<String>) program.loadClass(FirstBrokenCell.class.getName())
                            .getDeclaredConstructor()
                            .newInstance())
                    .get();
        } finally {
            current.setContextClassLoader(before);
        }
    }
}
