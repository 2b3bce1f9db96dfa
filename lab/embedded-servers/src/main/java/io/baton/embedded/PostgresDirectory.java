package io.baton.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The directory of a server: its data, and the password of the user who may do everything. */
record PostgresDirectory(Path directory) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Where PostgreSQL keeps its files. */
    Path files() {
        return directory.resolve("data");
    }

    /**
     * Makes it, unless there is one, and returns the password of the user who may do everything.
     *
     * @throws EmbeddedServerException if it cannot be made
     */
    String createUnlessPresent() {
        Path passwordFile = directory.resolve("superuser.password");
        try {
            if (Files.exists(files().resolve("PG_VERSION")) && Files.exists(passwordFile)) {
                return Files.readString(passwordFile).strip();
            }
            Files.createDirectories(directory);
            byte[] random = new byte[18];
            new SecureRandom().nextBytes(random);
            String password = HexFormat.of().formatHex(random);
            Files.deleteIfExists(passwordFile);
            Files.createFile(
                    passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(passwordFile, password + "\n");
            initialise(passwordFile);
            return password;
        } catch (IOException cause) {
            throw new EmbeddedServerException(
                    "PostgreSQL's directory %s cannot be prepared: %s".formatted(directory, cause.getMessage()), cause);
        }
    }

    private void initialise(Path passwordFile) throws IOException {
        Path initialisation = directory.resolve("initdb.log");
        // What an initialisation that was cut short left behind is of no use to anybody.
        Processes.deleteTree(files());
        List<String> command = PostgresBinaries.command(
                "initdb",
                "--pgdata=" + files(),
                "--username=" + PostgresServer.SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync");
        Process initdb = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(initialisation.toFile()))
                .start();
        if (!hasSucceeded(initdb)) {
            initdb.destroyForcibly();
            throw new EmbeddedServerException("PostgreSQL could not create its data in %s:%n%s"
                    .formatted(files(), Processes.tail(initialisation)));
        }
    }

    /** Asks the process and not its handle, which can say a moment too early that it has ended. */
    private static boolean hasSucceeded(Process process) {
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
