package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README's commands are run as they stand, in one shell, against a stack that runs beside whatever else does. What a
 * comment behind a command puts in quotation marks must stand in what the command prints.
 */
class ReadmeIT {

    private static final Pattern TESTED = Pattern.compile("<!-- tested -->\n```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern EXPECTATION = Pattern.compile("#(.*)$");
    private static final Pattern QUOTED = Pattern.compile("\"[A-Za-z]+\":(\"[^\"]*\"|\\d+)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)\\)");

    private final RunningStack stack = RunningStack.shared();

    @Test
    void the_commands_do_what_the_readme_says() throws Exception {
        String readme = Files.readString(RunningStack.root().resolve("README.md"));
        StringBuilder script = new StringBuilder("set -e\n");
        List<String> expected = new ArrayList<>();
        Matcher blocks = TESTED.matcher(readme);
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
        assertThat(expected).hasSizeGreaterThan(10);
        String printed = run(onThisStack(script.toString()));
        int from = 0;
        for (String text : expected) {
            int at = printed.indexOf(text, from);
            assertThat(at).as("\"%s\" after character %d of:\n%s", text, from, printed).isNotNegative();
            from = at;
        }
    }

    @Test
    void the_diagram_is_the_one_that_the_machine_prints() throws IOException {
        String printed =
                Files.readString(RunningStack.root().resolve("saga-orchestrator/docs/state-machine.mmd")).strip();
        assertThat(Files.readString(RunningStack.root().resolve("README.md"))).contains("```mermaid\n" + printed + "\n```");
    }

    @Test
    void every_file_that_the_documents_name_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String document : List.of("README.md", "CONTRIBUTING.md", "docs/glossary.md")) {
            Path file = RunningStack.root().resolve(document);
            Matcher links = LINK.matcher(Files.readString(file));
            while (links.find()) {
                String target = links.group(1);
                if (!target.startsWith("http") && !Files.exists(file.resolveSibling(target))) {
                    missing.add(document + " names " + target);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    /** The README speaks of the ports of a stack that is alone. */
    private String onThisStack(String script) {
        Matcher ports = Pattern.compile("localhost:([89]08\\d)").matcher(script);
        String directory = stack.directory().toString();
        return ports.replaceAll(
                        match -> "localhost:" + (Integer.parseInt(match.group(1)) + RunningStack.PORT_OFFSET))
                .replace("./demo ", "./demo --directory " + directory + " ");
    }

    private static String run(String script) throws Exception {
        Process shell = new ProcessBuilder("bash", "-c", script)
                .directory(RunningStack.root().toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(shell.getInputStream().readAllBytes());
        assertThat(shell.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(shell.exitValue()).as(printed).isZero();
        return printed;
    }
}
