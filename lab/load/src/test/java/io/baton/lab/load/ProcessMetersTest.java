package io.baton.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.lab.load.StackDescription.StackProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMetersTest {

    private static final List<StackProcess> ALONE = List.of(new StackProcess("order-service", 4_000_001, null));
    private static final List<StackProcess> DATABASE = List.of(new StackProcess("postgresql", 4_000_001, null));

    @TempDir
    Path proc;

    @Test
    void only_what_is_used_after_the_start_counts() throws IOException {
        process(4_000_001, 1, 500, 0);
        ProcessMeters meters = new ProcessMeters(proc);
        meters.start(ALONE);
        process(4_000_001, 1, 650, 0);
        meters.sampleCpu(ALONE);

        assertThat(meters.cpuSeconds()).isEqualTo(Map.of("order-service", 1.5));
    }

    @Test
    void a_server_counts_with_its_children_and_those_that_have_ended() throws IOException {
        process(4_000_001, 1, 100, 0);
        process(4_000_002, 4_000_001, 100, 0);
        process(4_000_003, 4_000_002, 100, 0);
        process(4_000_009, 1, 100, 0);
        ProcessMeters meters = new ProcessMeters(proc);
        meters.start(DATABASE);
        process(4_000_003, 4_000_002, 300, 0);
        process(4_000_009, 1, 900, 0);
        process(4_000_001, 1, 100, 50);
        meters.sampleCpu(DATABASE);

        assertThat(meters.cpuSeconds()).isEqualTo(Map.of("postgresql", 2.5));
    }

    @Test
    void a_process_that_was_started_again_counts_from_its_own_start() throws IOException {
        process(4_000_001, 1, 500, 0);
        ProcessMeters meters = new ProcessMeters(proc);
        meters.start(ALONE);
        process(4_000_001, 1, 600, 0);
        meters.sampleCpu(ALONE);
        process(4_000_002, 1, 200, 0);
        meters.sampleCpu(List.of(new StackProcess("order-service", 4_000_002, null)));

        assertThat(meters.cpuSeconds()).isEqualTo(Map.of("order-service", 3.0));
    }

    @Test
    void memory_is_the_highest_mark_or_the_children_s_proportional_shares() throws IOException {
        process(4_000_001, 1, 0, 0);
        Files.writeString(proc.resolve("4000001/status"), "Name:\tjava (x)\nVmHWM:\t  204800 kB\nVmRSS:\t 1024 kB\n");
        ProcessMeters meters = new ProcessMeters(proc);
        meters.sampleMemory(ALONE);
        assertThat(meters.peakMegabytes()).isEqualTo(Map.of("order-service", 200.0));

        process(4_000_002, 4_000_001, 0, 0);
        Files.writeString(proc.resolve("4000001/smaps_rollup"), "00-ff ---p\nRss: 99999 kB\nPss: 51200 kB\n");
        Files.writeString(proc.resolve("4000002/smaps_rollup"), "00-ff ---p\nRss: 99999 kB\nPss: 10240 kB\n");
        meters.sampleMemory(DATABASE);
        assertThat(meters.peakMegabytes()).containsEntry("postgresql", 60.0);
    }

    private void process(long pid, long parent, long ticks, long ticksOfChildren) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(
                directory.resolve("stat"),
                "%d (a (odd) name) S %d 0 0 0 0 0 0 0 0 0 %d 0 %d 0 20 0 1 0 777 0 0\n"
                        .formatted(pid, parent, ticks, ticksOfChildren));
    }
}
