package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.lab.running.RunningStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page whose commands are run as they stand, in one shell. What a comment behind a command puts in quotation marks must
 * stand in what the command prints.
 */
final class TestedPage {

    private static final Pattern TESTED = Pattern.compile("<!-- tested -->\n```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern EXPECTATION = Pattern.compile("#(.*)$");
    private static final Pattern QUOTED = Pattern.compile("\"[A-Za-z]+\":(\"[^\"]*\"|\\d+|null)");
    private static final Pattern PORT = Pattern.compile("localhost:([89]0[89]\\d)");

    private final StringBuilder script = new StringBuilder("set -e\n");
    private final List<String> expected = new ArrayList<>();

    TestedPage(String file) throws IOException {
        Matcher blocks = TESTED.matcher(Files.readString(RunningStack.root().resolve(file)));
        while (blocks.find()) {
            for (String line : blocks.group(1).split("\n")) {
                script.append(line).append('\n');
                Matcher comment = EXPECTATION.matcher(line);
                if (comment.find()) {
                    Matcher quoted = QUOTED.matcher(comment.group(1));
                    while (quoted.find()) {
                        expected.add(quoted.group());
                    }
                }
            }
        }
    }

    /** How many things the page says that its commands print. */
    int expectations() {
        return expected.size();
    }

    /** Runs the page against that stack, within that time, and compares what it prints with what it says. */
    void run(RunningStack stack, Duration atMost) throws IOException, InterruptedException {
        Path log = Files.createTempFile(stack.directory(), "page", ".log");
        Process shell = new ProcessBuilder("bash", "-c", onThisStack(stack))
                .directory(RunningStack.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = shell.waitFor(atMost.toSeconds(), TimeUnit.SECONDS);
        shell.destroyForcibly();
        String printed = Files.readString(log);
        assertThat(ended).as("ended within %s:\n%s", atMost, printed).isTrue();
        assertThat(shell.exitValue()).as(printed).isZero();
        int from = 0;
        for (String text : expected) {
            int at = printed.indexOf(text, from);
            assertThat(at).as("%s after character %d of:\n%s", text, from, printed).isNotNegative();
            from = at;
        }
    }

    /** Pages speak of the ports of a stack that is alone. */
    private String onThisStack(RunningStack stack) {
        return PORT.matcher(script)
                .replaceAll(match -> "localhost:" + (Integer.parseInt(match.group(1)) + RunningStack.PORT_OFFSET))
                .replace("./demo ", "./demo --directory " + stack.directory() + " ");
    }
}
