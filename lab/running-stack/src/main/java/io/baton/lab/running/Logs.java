package io.baton.lab.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What the stack's processes, its servers among them, write to their logs from a moment on. */
public final class Logs {

    private final Path folder;
    private final Map<Path, Long> from = new HashMap<>();

    private Logs(Path folder) {
        this.folder = folder;
    }

    /** What is written from this moment on. */
    public static Logs fromNowOn(RunningStack stack) {
        Logs logs = new Logs(stack.directory().resolve("logs"));
        try {
            for (Path file : logs.files()) {
                logs.from.put(file, Files.size(file));
            }
            return logs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines with that text, in whatever case, each after the name of its file. */
    public List<String> linesThatContain(String text) {
        List<String> found = new ArrayList<>();
        try {
            for (Path file : files()) {
                byte[] bytes = Files.readAllBytes(file);
                int begin = Math.toIntExact(Math.min(bytes.length, from.getOrDefault(file, 0L)));
                new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).contains(text))
                        .forEach(line -> found.add(file.getFileName() + ": " + line));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
