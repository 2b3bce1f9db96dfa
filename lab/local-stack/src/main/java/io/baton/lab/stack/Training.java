package io.baton.lab.stack;

import io.baton.embedded.PostgresServer;
import io.baton.lab.stack.Layout.Service;
import io.baton.lab.stack.StackDescription.Database;
import io.baton.lab.stack.StackDescription.Operator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has each service start once on an empty database of its own and remember the classes that it loaded, so that the
 * following starts take half the time and work. Valid until the next build.
 */
final class Training {

    private final StackOptions options;
    private final PrintStream out;

    Training(StackOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    void run() throws Exception {
        Programs programs = new Programs(options.root(), options.directory().resolve("programs"));
        Path logs = Files.createDirectories(options.directory().resolve("logs"));
        try (PostgresServer postgres = PostgresServer.startTemporary();
                Progress progress = new Progress(out)) {
            for (Service place : new Layout(0).services()) {
                progress.step(place.name(), () -> {
                    train(programs, postgres, place, logs);
                    return place;
                });
            }
        }
    }

    private static void train(Programs programs, PostgresServer postgres, Service place, Path logs) throws IOException {
        String password = Credentials.generate();
        String ownerPassword = Credentials.generate();
        postgres.createDatabase(place.database(), place.database(), password, ownerPassword);
        Path log = logs.resolve(place.name() + "-training.log");
        Files.deleteIfExists(log);
        // Nothing answers there: the start ends before it would ask the broker or the gateway.
        programs.train(
                place.name(),
                ServiceEnvironment.of(
                        new Database(postgres.jdbcUrl(place.database()), place.database(), password),
                        ownerPassword,
                        Layout.HOST + ":1",
                        new Operator("operator", Credentials.generate()),
                        "http://" + Layout.HOST + ":1"),
                log);
    }
}
