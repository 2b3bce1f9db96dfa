package io.baton.lab.stack;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param command what is wanted
 * @param process the name after {@code stop}, {@code start} and {@code kill}
 * @param against where the tour is played
 * @param root the checkout whose jars are run
 * @param directory where data, logs and the description of the running stack are kept
 * @param portOffset added to every port, so that a stack can run beside another
 * @param keepData whether the databases and the broker's log of the last run are used again
 * @param parent the process at whose end the stack ends too; 0 for none
 */
record StackOptions(
        Command command,
        @Nullable String process,
        Against against,
        Path root,
        Path directory,
        int portOffset,
        boolean keepData,
        long parent) {

    static final String USAGE = """
            Usage: ./demo                          start everything and stay up until Ctrl-C
                   ./demo --tour                   play the tour and end; on the stack that runs, else on its own
                   ./demo --tour --against compose play it against docker-compose's stack
                   ./demo status                   what runs
                   ./demo operator                 the operator's user:password, for curl -u
                   ./demo stop|start|kill NAME     one process of the stack that runs (kill is SIGKILL: it comes back)
                   ./demo train                    make the next starts quicker, until the next build
                   ./demo down                     end the stack that runs
            Options: --directory DIR  where data and logs are kept (.baton)
                     --port-offset N  added to every port
                     --keep-data      go on with the data of the last run""";

    private static final int HIGHEST_PORT = 19_093;

    enum Command {
        RUN,
        TOUR,
        STATUS,
        STOP,
        START,
        KILL,
        DOWN,
        OPERATOR,
        TRAIN,
        HELP
    }

    enum Against {
        LOCAL,
        COMPOSE
    }

    /** @throws StackException if it is not as {@link #USAGE} says; the message names the argument */
    static StackOptions parse(List<String> arguments) {
        Command command = Command.RUN;
        String process = null;
        Against against = Against.LOCAL;
        Path root = Path.of("").toAbsolutePath();
        Path directory = null;
        int portOffset = 0;
        boolean keepData = false;
        long parent = 0;
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "--tour", "tour" -> command = Command.TOUR;
                case "status" -> command = Command.STATUS;
                case "down" -> command = Command.DOWN;
                case "train" -> command = Command.TRAIN;
                case "operator" -> command = Command.OPERATOR;
                case "--help", "-h", "help" -> command = Command.HELP;
                case "stop", "start", "kill" -> {
                    command = Command.valueOf(word.toUpperCase(Locale.ROOT));
                    process = value(word, words);
                }
                case "--against" -> against = switch (value(word, words)) {
                    case "compose" -> Against.COMPOSE;
                    case "local" -> Against.LOCAL;
                    case String other -> throw misused("Expected local or compose after --against but got " + other);
                };
                case "--root" -> root = Path.of(value(word, words)).toAbsolutePath().normalize();
                case "--directory" -> directory = Path.of(value(word, words)).toAbsolutePath().normalize();
                case "--port-offset" -> portOffset = offset(value(word, words));
                case "--keep-data" -> keepData = true;
                case "--parent" -> parent = Long.parseLong(value(word, words));
                default -> throw misused("Expected a command or an option but got " + word);
            }
        }
        if (against == Against.COMPOSE && command != Command.TOUR) {
            throw misused("Expected --tour with --against compose");
        }
        return new StackOptions(
                command,
                process,
                against,
                root,
                directory == null ? root.resolve(".baton") : directory,
                portOffset,
                keepData,
                parent);
    }

    private static String value(String word, Iterator<String> words) {
        if (!words.hasNext()) {
            throw misused("Expected a value after " + word);
        }
        return words.next();
    }

    private static int offset(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) + HIGHEST_PORT > 65_535) {
            throw misused("Expected a number from 0 to %d after --port-offset but got %s"
                    .formatted(65_535 - HIGHEST_PORT, text));
        }
        return Integer.parseInt(text);
    }

    private static StackException misused(String problem) {
        return new StackException(problem + System.lineSeparator() + USAGE);
    }
}
