package io.baton.orchestrator.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.MimeType;

/**
 * The console's files, and the runbook's pages that it shows, by their path below {@code console/}; read once, they are
 * small. A path is looked up and never resolved, so nothing else can be asked for.
 */
final class ConsoleFiles {

    static final String INDEX = "index.html";

    private static final Map<String, MimeType> TYPES = Map.of(
            "html", MimeType.valueOf("text/html;charset=UTF-8"),
            "js", MimeType.valueOf("text/javascript;charset=UTF-8"),
            "css", MimeType.valueOf("text/css;charset=UTF-8"),
            "svg", MimeType.valueOf("image/svg+xml"),
            "md", MimeType.valueOf("text/markdown;charset=UTF-8"));

    private final Map<String, ConsoleFile> files = new TreeMap<>();

    /** One file, with the type that a browser is told. */
    record ConsoleFile(Resource content, MimeType type) {}

    /** @throws UncheckedIOException if a file of the program's own cannot be read */
    ConsoleFiles() {
        try {
            for (Resource resource :
                    new PathMatchingResourcePatternResolver().getResources("classpath:/console/**/*.*")) {
                String url = resource.getURL().toString();
                String path = url.substring(url.lastIndexOf("/console/") + "/console/".length());
                MimeType type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
                if (type != null) {
                    files.put(path, new ConsoleFile(new ByteArrayResource(resource.getContentAsByteArray()), type));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<ConsoleFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    Set<String> paths() {
        return files.keySet();
    }
}
