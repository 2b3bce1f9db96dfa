package io.baton.lab.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Runs the load generator and the checker as anybody would, and takes what they print. */
public final class Programs {

    private final RunningStack stack;

    /** Those of the checkout, against that stack. */
    public Programs(RunningStack stack) {
        this.stack = stack;
    }

    /** A load that is running. */
    public record Load(Process process, Path output, Path history) {

        private static final Pattern ENDED = Pattern.compile("completed [1-9]");

        /** Whether it is under way, as its line of each second says. */
        public boolean hasEndedOrders() throws IOException {
            return Files.exists(output) && ENDED.matcher(Files.readString(output)).find();
        }

        /** Waits for its end; every accepted order must have ended by then. */
        public JsonNode finish() throws Exception {
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("the load ends").isTrue();
            List<String> lines = Files.readAllLines(output);
            assertThat(process.exitValue()).as(String.join("\n", tail(lines))).isZero();
            return RunningStack.JSON.readTree(lines.getLast());
        }
    }

    /**
     * Starts the load generator, each of whose orders has an idempotency key.
     *
     * @param name for its files, {@code name-load.txt} and {@code name-history.jsonl} in the stack's folder
     * @param arguments further ones, as {@code --help} lists them
     */
    public Load load(String name, String... arguments) throws IOException {
        Path output = stack.directory().resolve(name + "-load.txt");
        Path history = stack.directory().resolve(name + "-history.jsonl");
        List<String> all = new ArrayList<>(
                List.of("--stack", stack.file().toString(), "--out", history.toString(), "--idempotency-keys", "1"));
        all.addAll(List.of(arguments));
        Process process = RunningStack.java("lab/load", all.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Load(process, output, history);
    }

    /** Fails with the checker's report if it finds a violation, or nothing to check. */
    public void check(Path... histories) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--stack", stack.file().toString(), "--wait", "120"));
        for (Path history : histories) {
            arguments.addAll(List.of("--history", history.toString()));
        }
        Path report = stack.directory().resolve("check.txt");
        Process process = RunningStack.java("lab/check", arguments.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(report.toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("the check ends").isTrue();
        String text = Files.readString(report);
        System.out.println(text);
        assertThat(process.exitValue()).as(text).isZero();
    }

    private static List<String> tail(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 20), lines.size());
    }
}
