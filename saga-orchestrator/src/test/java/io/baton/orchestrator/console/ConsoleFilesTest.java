package io.baton.orchestrator.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.http.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleFilesTest {

    private static final Pattern IMPORT = Pattern.compile("^import (?:.* from )?'\\./([^']+)'", Pattern.MULTILINE);

    private final ConsoleFiles files = new ConsoleFiles();
    private final SagaConsoleEndpoint endpoint = new SagaConsoleEndpoint();

    @Test
    void what_a_browser_loads_before_it_shows_something_is_less_than_100_kB() {
        Map<String, String> page = page();
        Set<String> loaded = new TreeSet<>(Set.of(ConsoleFiles.INDEX, "icon.svg", "style.css"));
        Deque<String> found = new ArrayDeque<>(List.of("main.js"));
        while (!found.isEmpty()) {
            String module = found.remove();
            if (loaded.add(module)) {
                found.addAll(imports(page.get(module)));
            }
        }
        assertThat(bytes(page, loaded)).isBetween(10_000, 100_000);
        assertThat(bytes(page, page.keySet())).as("with all pages").isLessThan(135_000);
    }

    @Test
    void text_is_never_made_into_markup_or_code() {
        page().forEach((path, text) -> assertThat(text)
                .as(path)
                .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|createContextualFragment")
                .doesNotContainPattern("\\beval\\(|new Function|setTimeout\\(['\"`]|javascript:")
                .doesNotContainPattern("<[^>]* on[a-z]+=|<[^>]* style=|<script>|<style"));
    }

    @Test
    void nothing_is_asked_from_anywhere_else() {
        page().forEach((path, text) -> assertThat(text.replace("http://www.w3.org/2000/svg", ""))
                .as(path)
                .doesNotContainPattern("https?://|@import|[^cr]url\\("));
    }

    @Test
    void every_module_that_is_imported_is_there() {
        page().forEach((path, text) -> assertThat(files.paths()).as(path).containsAll(imports(text)));
    }

    @Test
    void files_have_the_types_that_browsers_insist_on() {
        assertThat(endpoint.page().getContentType()).hasToString("text/html;charset=UTF-8");
        assertThat(endpoint.file("main.js").getContentType()).hasToString("text/javascript;charset=UTF-8");
        assertThat(endpoint.file("style.css").getContentType()).hasToString("text/css;charset=UTF-8");
        assertThat(endpoint.file("runbook", "outcome-unknown.md").getContentType())
                .hasToString("text/markdown;charset=UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../application.yaml", "runbook", "%2e%2e/application.yaml", "MAIN.JS", "main.js ", "/main.js"})
    void nothing_but_its_own_files_is_found(String path) {
        assertThatThrownBy(() -> endpoint.file(path.split("/")))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.type().status()).isEqualTo(404));
    }

    private static List<String> imports(String module) {
        return IMPORT.matcher(module).results().map(found -> found.group(1)).toList();
    }

    private static int bytes(Map<String, String> page, Set<String> paths) {
        return paths.stream().mapToInt(path -> page.get(path).getBytes(StandardCharsets.UTF_8).length).sum();
    }

    private Map<String, String> page() {
        Map<String, String> texts = new TreeMap<>();
        for (String path : files.paths()) {
            if (!path.contains("/")) {
                texts.put(path, text(path));
            }
        }
        return texts;
    }

    private String text(String path) {
        try {
            return files.find(path).orElseThrow().content().getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
