package io.baton.lab.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the jars that were built, and says how they are run. */
final class Programs {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** One small machine for everything: no collector threads, short object headers, no files for tools. */
    static final List<String> SERVICE_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms256m",
            "-Xmx256m",
            "-Xmn128m",
            "-Xss512k",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED");

    private static final List<String> SIMULATOR_FLAGS = List.of(
            "-XX:+UseSerialGC", "-Xmx96m", "-Xss512k", "-XX:+UseCompactObjectHeaders", "-XX:-UsePerfData");

    private final Path root;

    Programs(Path root) {
        this.root = root;
    }

    /**
     * The jar of a module.
     *
     * @throws StackException if it was not built
     */
    Path jar(String module) {
        Path target = root.resolve(module).resolve("target");
        String name = Path.of(module).getFileName().toString();
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(name + "-[0-9][^/]*-SNAPSHOT\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> missing(target));
        } catch (IOException cause) {
            throw missing(target);
        }
    }

    private static StackException missing(Path target) {
        return new StackException("There is no jar in %s: build it with `mvn -DskipTests package`.".formatted(target));
    }

    List<String> service(String name) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(SERVICE_FLAGS);
        command.addAll(List.of("-jar", jar(name).toString()));
        return command;
    }

    List<String> simulator(int port, Path state) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(SIMULATOR_FLAGS);
        command.addAll(List.of(
                "-jar",
                jar("lab/provider-simulator").toString(),
                "--host",
                Layout.HOST,
                "--port",
                Integer.toString(port),
                "--state",
                state.toString()));
        return command;
    }
}
