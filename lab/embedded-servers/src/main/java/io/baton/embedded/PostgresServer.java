package io.baton.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL 18 on 127.0.0.1, with password authentication, as processes of its own.
 *
 * <p>It can be stopped in every way that a server can end and started again on the same data and port. It ends with
 * this JVM, however that ends. Starting and stopping is for one thread at a time.
 */
public final class PostgresServer implements AutoCloseable {

    static final String SUPERUSER = "postgres";
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    /** Durable as in production (fsync and full_page_writes stay on), sized for one small machine. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "100"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("checkpoint_timeout", "20min"),
            Map.entry("max_wal_size", "4GB"),
            // Reads here come from memory: processes that read ahead would only cost some.
            Map.entry("io_method", "sync"),
            Map.entry("log_line_prefix", "%m [%p] %q%u@%d "),
            Map.entry("jit", "off"));

    /** How a server is asked to end. */
    public enum Mode {
        /** Ends sessions, writes a checkpoint, ends. */
        FAST,
        /** Ends at once, as after a crash of the server; the next start recovers from the log. */
        IMMEDIATE
    }

    /** A database with its only user. */
    public record Database(String jdbcUrl, String user, String password) {}

    private final Path directory;
    private final PostgresDirectory data;
    private final boolean temporary;
    private final Path log;
    private final int port;
    private final Map<String, String> settings;
    private final String superuserPassword;
    private volatile @Nullable Process process;

    private PostgresServer(Builder builder) {
        temporary = builder.directory == null;
        directory = builder.directory == null
                ? Processes.temporaryDirectory("baton-postgres-")
                : builder.directory.toAbsolutePath();
        log = builder.log == null ? directory.resolve("postgresql.log") : builder.log.toAbsolutePath();
        port = builder.port == 0 ? LocalPort.free() : builder.port;
        settings = new LinkedHashMap<>(DEFAULTS);
        settings.putAll(builder.settings);
        settings.put("port", Integer.toString(port));
        data = new PostgresDirectory(directory);
        superuserPassword = data.createUnlessPresent();
    }

    /** What can be chosen before the start. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable Path directory;
        private @Nullable Path log;
        private int port;

        private Builder() {}

        /**
         * Where the data is kept and found again at a later start. Without it, data lives in a temporary directory
         * that is deleted by {@link #close()} or at the end of this JVM.
         */
        public Builder directory(Path directory) {
            this.directory = directory;
            return this;
        }

        /** The file for the server's messages, appended to; without it, one in the directory. */
        public Builder log(Path log) {
            this.log = log;
            return this;
        }

        /** The port to listen on; without it, or 0, one that is free. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** A server setting by its name in postgresql.conf; wins over this class's own. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Server settings by their names in postgresql.conf; they win over this class's own. */
        public Builder settings(Map<String, String> values) {
            settings.putAll(values);
            return this;
        }

        /**
         * Creates the data directory if it is new, starts the server, and returns when it accepts connections.
         *
         * @throws EmbeddedServerException if it does not within a minute; nothing is left running
         */
        public PostgresServer start() {
            PostgresServer server = new PostgresServer(this);
            server.start();
            return server;
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A server on a free port whose data is deleted when it is closed. */
    public static PostgresServer startTemporary() {
        return builder().start();
    }

    /**
     * Starts the server again on the same data and port, and returns when it accepts connections. Does nothing if it
     * runs.
     *
     * @throws EmbeddedServerException if it does not within a minute; nothing is left running
     */
    public void start() {
        Process former = process;
        if (former != null && former.isAlive()) {
            return;
        }
        if (former != null) {
            Watchdog.release(former.toHandle());
        }
        LocalPort.requireFree(port, "PostgreSQL");
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            Process started = launch();
            String problem = waitUntilReady(started, deadline);
            if (problem == null) {
                process = started;
                return;
            }
            started.destroyForcibly();
            Watchdog.release(started.toHandle());
            // After a crash the shared memory lives until the last process of the old server is gone.
            boolean oldServerLingers = problem.contains("shared memory block");
            if (!oldServerLingers || System.nanoTime() > deadline) {
                throw new EmbeddedServerException("PostgreSQL did not start on port %d. The end of its log %s:%n%s"
                        .formatted(port, log(), problem));
            }
            Processes.pause(Duration.ofMillis(200));
        }
    }

    /** Stops the server and returns when it has ended. Does nothing if it does not run. */
    public void stop(Mode mode) {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        List<ProcessHandle> children = running.descendants().toList();
        Processes.signal(running.toHandle(), mode == Mode.FAST ? Watchdog.Signal.INT : Watchdog.Signal.QUIT);
        if (!Processes.ended(running.toHandle(), STOP_PATIENCE)) {
            running.destroyForcibly();
        }
        gone(running, children);
    }

    /** SIGKILL to the server; its sessions notice and end. Returns when all have ended. */
    public void kill() {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        List<ProcessHandle> children = running.descendants().toList();
        running.destroyForcibly();
        gone(running, children);
    }

    private static void gone(Process running, List<ProcessHandle> children) {
        Processes.ended(running.toHandle(), STOP_PATIENCE);
        for (ProcessHandle child : children) {
            if (!Processes.ended(child, Duration.ofSeconds(5))) {
                child.destroyForcibly();
            }
        }
        Watchdog.release(running.toHandle());
    }

    /** Stops the server and, if its directory is temporary, deletes the data. */
    @Override
    public void close() {
        stop(temporary ? Mode.IMMEDIATE : Mode.FAST);
        if (temporary) {
            Processes.deleteTree(directory);
        }
    }

    /** Whether the process of the server lives. */
    public boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** The server's process (the postmaster), or null when it was stopped or has not been started. */
    public @Nullable ProcessHandle process() {
        Process current = process;
        return current == null ? null : current.toHandle();
    }

    public int port() {
        return port;
    }

    /** Where the server's log is. */
    public Path log() {
        return log;
    }

    /** JDBC URL of a database of this server, without user or password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The database that every server has, with the user who may do everything. */
    public Database administration() {
        return new Database(jdbcUrl(SUPERUSER), SUPERUSER, superuserPassword);
    }

    /** A connection with all rights. The caller closes it. */
    public Connection connectAsSuperuser(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, superuserPassword);
    }

    /**
     * Creates a database that belongs to a role, and to which nobody else can connect. If both exist (kept data), the
     * role gets the new password and the data stays.
     *
     * @throws IllegalArgumentException if a name is not made of a-z, 0-9 and _
     * @throws EmbeddedServerException if the server refuses
     */
    public Database createDatabase(String name, String role, String password) {
        new PostgresDatabases(this).create(name, role, password);
        return new Database(jdbcUrl(name), role, password);
    }

    /**
     * Creates a database as a careful deployment has it: {@code <role>_owner} owns it and migrates it, and the role can
     * read and write rows but change no table. A database that the role owns (kept data) is handed over. Both get the
     * passwords that are given.
     *
     * @throws IllegalArgumentException if a name is not made of a-z, 0-9 and _
     * @throws EmbeddedServerException if the server refuses
     */
    public Database createDatabase(String name, String role, String password, String ownerPassword) {
        new PostgresDatabases(this).create(name, role, password, ownerPassword);
        return new Database(jdbcUrl(name), role, password);
    }

    private Process launch() {
        List<String> arguments = new ArrayList<>(List.of("-D", data.files().toString()));
        settings.forEach((name, value) -> {
            arguments.add("-c");
            arguments.add(name + "=" + value);
        });
        try {
            Process started = new ProcessBuilder(PostgresBinaries.command("postgres", arguments.toArray(String[]::new)))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log().toFile()))
                    .start();
            Watchdog.hold(started.toHandle(), Watchdog.Signal.INT);
            return started;
        } catch (IOException cause) {
            throw new EmbeddedServerException("PostgreSQL cannot be run: " + cause.getMessage(), cause);
        }
    }

    /** Null when the server is ready, else the end of its log. */
    private @Nullable String waitUntilReady(Process started, long deadline) {
        Path status = data.files().resolve("postmaster.pid");
        String pid = Long.toString(started.pid());
        while (started.isAlive() && System.nanoTime() < deadline) {
            try {
                // The server keeps its state in the eighth line: what pg_ctl waits for, too.
                List<String> lines = Files.readAllLines(status);
                if (lines.size() >= 8 && lines.getFirst().equals(pid) && lines.get(7).strip().equals("ready")) {
                    return null;
                }
            } catch (IOException notYet) {
                // The file appears a moment after the process.
            }
            Processes.pause(Duration.ofMillis(20));
        }
        return Processes.tail(log());
    }
}
