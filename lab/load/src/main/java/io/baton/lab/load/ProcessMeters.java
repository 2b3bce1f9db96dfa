package io.baton.lab.load;

import io.baton.lab.load.StackDescription.StackProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the stack's processes use, from {@code /proc}. A process that is replaced by another of the same name while
 * measuring is counted with both. Where there is no {@code /proc}, or the processes run out of sight, everything is 0.
 */
final class ProcessMeters {

    /** Of every Linux, whatever the kernel's own tick is. */
    private static final double TICKS_PER_SECOND = 100;

    private final Path proc;
    private final Map<String, Long> ticks = new TreeMap<>();
    private final Map<String, Long> peakKilobytes = new TreeMap<>();
    private final Map<Incarnation, Long> lastTicks = new HashMap<>();
    private boolean started;

    /** A process id alone may come again. */
    private record Incarnation(String name, long pid, long startedAt) {}

    /** What {@code /proc/<pid>/stat} says. Ticks include those of children that have ended and were waited for. */
    private record Stat(long pid, long parent, long ticks, long startedAt) {}

    ProcessMeters(Path proc) {
        this.proc = proc;
    }

    /** From now on CPU time counts. */
    void start(List<StackProcess> processes) {
        ticks.clear();
        lastTicks.clear();
        started = false;
        sampleCpu(processes);
        started = true;
    }

    /** Adds what was used since the last time. A process that was not there then counts from its own start. */
    void sampleCpu(List<StackProcess> processes) {
        Map<Long, Stat> stats = stats();
        for (StackProcess process : processes) {
            Stat root = stats.get(process.pid());
            if (root == null || process.pid() == ProcessHandle.current().pid()) {
                continue;
            }
            long now = tree(root.pid(), stats, processes).stream().mapToLong(Stat::ticks).sum();
            Incarnation incarnation = new Incarnation(process.name(), root.pid(), root.startedAt());
            long before = lastTicks.getOrDefault(incarnation, started ? 0 : now);
            // A child that was killed takes its time with it, so the sum can fall.
            ticks.merge(process.name(), Math.max(0, now - before), Long::sum);
            lastTicks.put(incarnation, now);
        }
    }

    /**
     * Notes the memory in use. For a process alone its own high-water mark; for one with children (as a PostgreSQL
     * server) the proportional share of each, because they have much in common.
     */
    void sampleMemory(List<StackProcess> processes) {
        Map<Long, Stat> stats = stats();
        for (StackProcess process : processes) {
            if (process.pid() == ProcessHandle.current().pid() || !stats.containsKey(process.pid())) {
                continue;
            }
            List<Stat> tree = tree(process.pid(), stats, processes);
            long kilobytes = tree.size() == 1
                    ? field(process.pid(), "status", "VmHWM:")
                    : tree.stream().mapToLong(stat -> field(stat.pid(), "smaps_rollup", "Pss:")).sum();
            peakKilobytes.merge(process.name(), kilobytes, Math::max);
        }
    }

    /** CPU seconds since {@link #start}, by process. */
    Map<String, Double> cpuSeconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        ticks.forEach((name, count) -> seconds.put(name, count / TICKS_PER_SECOND));
        return seconds;
    }

    /** Megabytes (of 1,048,576 bytes), by process. */
    Map<String, Double> peakMegabytes() {
        Map<String, Double> megabytes = new LinkedHashMap<>();
        peakKilobytes.forEach((name, count) -> megabytes.put(name, count / 1024.0));
        return megabytes;
    }

    /** The process and its descendants, without other processes of the stack and theirs. */
    private static List<Stat> tree(long pid, Map<Long, Stat> stats, List<StackProcess> processes) {
        List<Stat> tree = new ArrayList<>();
        Stat root = stats.get(pid);
        if (root == null) {
            return tree;
        }
        tree.add(root);
        for (int i = 0; i < tree.size(); i++) {
            long parent = tree.get(i).pid();
            for (Stat stat : stats.values()) {
                if (stat.parent() == parent && processes.stream().noneMatch(other -> other.pid() == stat.pid())) {
                    tree.add(stat);
                }
            }
        }
        return tree;
    }

    private Map<Long, Stat> stats() {
        Map<Long, Stat> stats = new HashMap<>();
        if (!Files.isDirectory(proc)) {
            return stats;
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path directory : directories) {
                Stat stat = stat(directory);
                if (stat != null) {
                    stats.put(stat.pid(), stat);
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return stats;
    }

    private static @Nullable Stat stat(Path directory) {
        try {
            String line = Files.readString(directory.resolve("stat"));
            // The second field is the command in parentheses, which may itself hold spaces and parentheses.
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[11])
                    + Long.parseLong(fields[12])
                    + Long.parseLong(fields[13])
                    + Long.parseLong(fields[14]);
            return new Stat(
                    Long.parseLong(directory.getFileName().toString()),
                    Long.parseLong(fields[1]),
                    ticks,
                    Long.parseLong(fields[19]));
        } catch (IOException e) {
            return null; // It ended meanwhile.
        }
    }

    private long field(long pid, String file, String name) {
        try {
            return Files.readAllLines(proc.resolve(Long.toString(pid)).resolve(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
