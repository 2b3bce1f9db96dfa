package io.baton.orchestrator.testkit.loyalty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/writing-a-saga.md shows is what is compiled and run here. */
class WritingASagaTest {

    private static final Path PAGE = Path.of("../docs/writing-a-saga.md");
    private static final Path HERE = Path.of("src/test/java/io/baton/orchestrator/testkit/loyalty");
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- (\\w+\\.java) (\\w+), (\\d+) lines -->\\n```java\\n(.*?)```\\n", Pattern.DOTALL);

    @Test
    void every_snippet_of_the_page_is_compiled_and_counted() throws IOException {
        Map<String, Integer> lines = new LinkedHashMap<>();
        Matcher snippet = SNIPPET.matcher(Files.readString(PAGE));
        while (snippet.find()) {
            String compiled = region(Files.readAllLines(HERE.resolve(snippet.group(1))), snippet.group(2));
            assertThat(snippet.group(4)).as("%s %s", snippet.group(1), snippet.group(2)).isEqualTo(compiled);
            int count = (int) compiled.lines().count();
            assertThat(snippet.group(3)).as("lines of %s", snippet.group(2)).isEqualTo(Integer.toString(count));
            lines.put(snippet.group(2), count);
        }
        assertThat(lines).containsOnlyKeys("messages", "handler", "step", "story", "faults");
        int all = lines.values().stream().mapToInt(each -> each).sum();
        assertThat(Files.readString(PAGE)).contains("**" + all + " lines**");
    }

    /** The lines between the marks, moved to the margin. */
    private static String region(List<String> file, String name) {
        List<String> lines = file.stream()
                .dropWhile(line -> !line.strip().equals("// [" + name))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// " + name + "]"))
                .toList();
        int margin = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.indexOf(line.strip()))
                .min()
                .orElseThrow();
        StringBuilder region = new StringBuilder();
        lines.forEach(line -> region.append(line.isBlank() ? "" : line.substring(margin)).append('\n'));
        return region.toString();
    }
}
