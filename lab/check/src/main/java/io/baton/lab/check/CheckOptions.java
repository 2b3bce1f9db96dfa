package io.baton.lab.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to check.
 *
 * @param history what a client of the system saw, as the load generator writes it; null for none
 * @param patience at most so long to wait until nothing is under way
 */
public record CheckOptions(Path stack, @Nullable Path history, Duration patience, boolean json) {

    static final String HELP = """
            Reads all databases, the gateway's ledger and the topics of the running stack, and says of each promise
            whether it was kept.

              --stack FILE      the running stack's description (default .baton/stack.json)
              --history FILE    the client's history, as load --out writes it
              --wait SECONDS    at most so long to wait until nothing is under way (default 30)
              --json            one JSON object instead of lines
              --help

            Exit code: 0 every promise that was exercised was kept; 1 one was broken; 2 invalid: no saga has ended,
            so nothing was shown, or the stack cannot be read.
            """;

    /**
     * Reads options as on a command line; what is not given has its default.
     *
     * @throws IllegalArgumentException naming the option and what is expected
     */
    public static CheckOptions parse(String... args) {
        Path stack = Path.of(".baton", "stack.json");
        Path history = null;
        Duration patience = Duration.ofSeconds(30);
        boolean json = false;
        Iterator<String> rest = List.of(args).iterator();
        while (rest.hasNext()) {
            String name = rest.next();
            switch (name) {
                case "--stack" -> stack = Path.of(value(name, rest));
                case "--history" -> history = Path.of(value(name, rest));
                case "--wait" -> patience = seconds(name, value(name, rest));
                case "--json" -> json = true;
                default -> throw new IllegalArgumentException("There is no option " + name + "; see --help");
            }
        }
        return new CheckOptions(stack, history, patience, json);
    }

    private static String value(String name, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("Expected a value after " + name + "; see --help");
        }
        return rest.next();
    }

    private static Duration seconds(String name, String value) {
        try {
            long seconds = Long.parseLong(value);
            if (seconds >= 0) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "Expected a whole number of seconds after " + name + " but got " + value);
    }
}
