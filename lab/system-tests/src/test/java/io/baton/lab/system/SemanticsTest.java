package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.lab.running.RunningStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/semantics.md} promises nothing that no test looks at. */
class SemanticsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| .* \\|$");
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

    private static String page;
    private static List<Path> tests;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(RunningStack.root().resolve("docs/semantics.md"));
        try (Stream<Path> files = Files.walk(RunningStack.root())) {
            tests = files.filter(file -> file.toString().contains("src/test/java") && file.toString().endsWith(".java"))
                    .toList();
        }
    }

    @Test
    void all_forty_are_there_in_their_order() {
        assertThat(ROW.matcher(page).results().map(row -> Integer.parseInt(row.group(1))))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 40).boxed().toList());
    }

    @Test
    void every_test_that_is_named_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (MatchResult named : NAMED.matcher(page).results().toList()) {
            if (!exists(named.group(1), named.group(2))) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(NAMED.matcher(page).results()).hasSizeGreaterThan(40);
    }

    private static boolean exists(String test, String method) throws IOException {
        Pattern declared = Pattern.compile("\\b" + method + "\\(");
        for (Path file : tests) {
            if (file.getFileName().toString().equals(test + ".java")
                    && declared.matcher(Files.readString(file)).find()) {
                return true;
            }
        }
        return false;
    }
}
