package io.baton.lab.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says who listens on a port, where this can be found out. */
final class PortHolders {

    private static final String LISTENING = "0A";

    private PortHolders() {}

    /** For a message: {@code java (process 4711)}, or what to run in order to find out. */
    static String describe(int port) {
        return inode(port)
                .flatMap(PortHolders::owner)
                .map(process -> "%s (process %d)"
                        .formatted(
                                process.info()
                                        .command()
                                        .map(command ->
                                                Path.of(command).getFileName().toString())
                                        .orElse("a program"),
                                process.pid()))
                .orElse("another program (`lsof -nP -iTCP:%d -sTCP:LISTEN` says which)".formatted(port));
    }

    private static Optional<String> inode(int port) {
        String suffix = ":%04X".formatted(port);
        List<String> rows = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                rows.addAll(Files.readAllLines(Path.of(table)));
            } catch (IOException notLinux) {
                // Then nothing is known.
            }
        }
        return rows.stream()
                .map(row -> row.strip().split("\\s+"))
                .filter(columns -> columns.length > 9
                        && columns[1].endsWith(suffix)
                        && columns[3].equals(LISTENING))
                .map(columns -> columns[9])
                .findFirst();
    }

    private static Optional<ProcessHandle> owner(String inode) {
        String target = "socket:[" + inode + "]";
        return ProcessHandle.allProcesses()
                .filter(process -> hasOpen(Path.of("/proc", Long.toString(process.pid()), "fd"), target))
                .findFirst();
    }

    private static boolean hasOpen(Path descriptors, String target) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors)) {
            for (Path file : files) {
                if (Files.readSymbolicLink(file).toString().equals(target)) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException notAllowed) {
            // Another user's process, or one that ended meanwhile.
        }
        return false;
    }
}
