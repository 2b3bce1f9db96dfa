package io.baton.lab.stack;

import io.baton.lab.stack.StackDescription.ProcessEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a stack that was ended by force left running. */
final class Leftovers {

    private static final int PATIENCE_SECONDS = 10;

    private Leftovers() {}

    /**
     * Ends the processes that the description in this directory names, exactly those and only if they are still the
     * same, and deletes the description. To be called while holding the directory's lock.
     *
     * @return the names of those that were ended
     */
    static List<String> end(Path directory) {
        List<String> ended = new ArrayList<>();
        try {
            StackDescription.read(directory).ifPresent(left -> left.processes().forEach(entry -> same(entry)
                    .ifPresent(process -> {
                        process.destroyForcibly();
                        await(process);
                        ended.add(entry.name());
                    })));
            Files.deleteIfExists(StackDescription.file(directory));
        } catch (StackException | java.io.IOException unreadable) {
            throw new StackException(
                    "%s cannot be used (%s). If no stack runs, delete it."
                            .formatted(StackDescription.file(directory), unreadable.getMessage()),
                    unreadable);
        }
        return ended;
    }

    private static Optional<ProcessHandle> same(ProcessEntry entry) {
        if (entry.pid() == null || entry.startedAt() == null || entry.pid() == ProcessHandle.current().pid()) {
            return Optional.empty();
        }
        return ProcessHandle.of(entry.pid()).filter(process -> process.info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .filter(entry.startedAt()::equals)
                .isPresent());
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException late) {
            throw new StackException("Process %d of the last run does not end.".formatted(process.pid()), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
