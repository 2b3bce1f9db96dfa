package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.lab.running.RunningStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's commands are run as they stand, against a stack that runs beside whatever else does. */
class ReadmeIT {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)\\)");

    private final RunningStack stack = RunningStack.shared();

    @Test
    void the_commands_do_what_the_readme_says() throws Exception {
        TestedPage readme = new TestedPage("README.md");
        assertThat(readme.expectations()).isGreaterThan(10);
        readme.run(stack, Duration.ofMinutes(2));
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
}
