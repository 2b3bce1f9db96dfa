package io.baton.lab.stack;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What runs and how to reach it: {@code stack.json}, which the other programs of the lab read.
 *
 * @param control where processes can be stopped and started, and the token that allows it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record StackDescription(Operator operator, Kafka kafka, Control control, List<ProcessEntry> processes) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    record Operator(String user, String password) {}

    record Kafka(String bootstrapServers) {}

    record Control(String url, String token) {}

    record Database(String jdbcUrl, String user, String password) {}

    /**
     * One process.
     *
     * @param pid null while it does not run
     * @param startedAt when the process started, in milliseconds since 1970 as the system knows it: with it, a process
     *     id that was given to another program is recognised
     * @param url null if it does not speak HTTP
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record ProcessEntry(
            String name,
            @Nullable Long pid,
            @Nullable Long startedAt,
            @Nullable String url,
            @Nullable String managementUrl,
            @Nullable Database database) {}

    /** Where the description of the stack in this directory is. */
    static Path file(Path directory) {
        return directory.resolve("stack.json");
    }

    /** Empty if there is none. */
    static Optional<StackDescription> read(Path directory) {
        Path file = file(directory);
        try {
            return Optional.of(JSON.readValue(Files.readString(file), StackDescription.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | JacksonException cause) {
            throw new StackException("%s cannot be read: %s".formatted(file, cause.getMessage()), cause);
        }
    }

    /** Replaces the file as a whole; only its owner can read it. */
    void write(Path directory) {
        Path file = file(directory);
        try {
            Path unfinished = Files.createTempFile(
                    directory,
                    "stack",
                    ".json",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException cause) {
            throw new StackException("%s cannot be written: %s".formatted(file, cause.getMessage()), cause);
        }
    }

    /**
     * The entry of a process.
     *
     * @throws StackException if there is none
     */
    ProcessEntry process(String name) {
        return processes.stream()
                .filter(process -> process.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StackException("There is no process %s. There are: %s"
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        processes.stream().map(ProcessEntry::name).toList()))));
    }
}
