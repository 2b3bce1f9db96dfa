package io.baton.lab.stack;

import io.baton.embedded.Watchdog;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Finds the jars that were built, and says how they are run.
 *
 * <p>A service is run unpacked, from a directory that belongs to one build of it: it starts with less work than from
 * one jar with jars in it, a new build does not pull the classes from under a running process, and what the JVM has
 * learnt in {@linkplain #train training} can lie beside it.
 */
final class Programs {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** One small machine for everything: no collector threads, short object headers, no files for tools. */
    private static final List<String> SERVICE_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms256m",
            "-Xmx256m",
            "-Xmn128m",
            "-Xss512k",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            // What a cache does not fit is loaded the usual way; the JVM would report it class by class.
            "-Xlog:aot*=off,aot+codecache*=off");

    private static final List<String> SIMULATOR_FLAGS = List.of(
            "-XX:+UseSerialGC", "-Xmx96m", "-Xss512k", "-XX:+UseCompactObjectHeaders", "-XX:-UsePerfData");

    private static final String CACHE = "app.aot";

    private final Path root;
    private final Path unpacked;
    private final Map<String, Path> programs = new HashMap<>();

    /**
     * @param root the checkout
     * @param unpacked where unpacked services are kept
     */
    Programs(Path root, Path unpacked) {
        this.root = root;
        this.unpacked = unpacked;
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

    /** The command that runs a service; unpacks it if that was not done for this build. */
    List<String> service(String name) {
        Path program = unpack(name);
        Path cache = program.resolveSibling(CACHE);
        return Files.exists(cache)
                ? command(program, List.of("-XX:AOTCache=" + cache))
                : command(program, List.of());
    }

    /** Whether the service starts with what was learnt in training. */
    boolean isTrained(String name) {
        return Files.exists(unpack(name).resolveSibling(CACHE));
    }

    /**
     * Starts a service once, up to the moment at which it would serve, and keeps the classes that were loaded and linked
     * on the way for the following starts. It needs its database; it uses no port.
     *
     * @throws StackException if it does not come so far
     */
    void train(String name, Map<String, String> environment, Path log) {
        Path program = unpack(name);
        Path unfinished = program.resolveSibling(CACHE + ".unfinished");
        Path cache = program.resolveSibling(CACHE);
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException cause) {
            throw new StackException("%s cannot be deleted: %s".formatted(unfinished, cause.getMessage()), cause);
        }
        run(
                command(program, List.of("-XX:AOTCacheOutput=" + unfinished, "-Dspring.context.exit=onRefresh")),
                environment,
                log);
        try {
            Files.move(unfinished, cache, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException cause) {
            throw new StackException("The training of %s left no cache. Its log: %s".formatted(name, log), cause);
        }
    }

    private static List<String> command(Path program, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(SERVICE_FLAGS);
        command.addAll(more);
        command.addAll(List.of("-jar", program.toString()));
        return command;
    }

    /** Decided once per service, so that a build that is made meanwhile does not get into a stack that runs. */
    private synchronized Path unpack(String name) {
        return programs.computeIfAbsent(name, this::unpackUnlessDone);
    }

    private Path unpackUnlessDone(String name) {
        Path jar = jar(name);
        try {
            if (!isSpringBoot(jar)) {
                return jar;
            }
            String build = "%x-%x".formatted(Files.getLastModifiedTime(jar).toMillis(), Files.size(jar));
            Path home = unpacked.resolve(name).resolve(build);
            Path program = home.resolve("app.jar");
            if (!Files.exists(program)) {
                Trees.delete(unpacked.resolve(name));
                Path unfinished = unpacked.resolve(name).resolve("unfinished");
                Files.createDirectories(unfinished);
                Path extracted = unfinished.resolve(jar.getFileName());
                run(
                        List.of(
                                JAVA,
                                "-XX:TieredStopAtLevel=1",
                                "-Djarmode=tools",
                                "-jar",
                                jar.toString(),
                                "extract",
                                "--force",
                                "--destination",
                                unfinished.toString()),
                        Map.of(),
                        unpacked.resolve(name).resolve("unpacking.log"));
                Files.move(extracted, unfinished.resolve("app.jar"));
                Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            }
            return program;
        } catch (IOException cause) {
            throw new StackException("%s cannot be unpacked: %s".formatted(jar, cause.getMessage()), cause);
        }
    }

    private static boolean isSpringBoot(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getEntry("BOOT-INF/") != null;
        }
    }

    private static void run(List<String> command, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Watchdog.hold(process.toHandle(), Watchdog.Signal.KILL);
            int exitCode = process.waitFor();
            Watchdog.release(process.toHandle());
            if (exitCode != 0) {
                throw new StackException("`%s` ended with exit code %d. Its log: %s"
                        .formatted(String.join(" ", command), exitCode, log));
            }
        } catch (IOException cause) {
            throw new StackException("`%s` cannot be run: %s".formatted(command.getFirst(), cause.getMessage()), cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted.", interrupted);
        }
    }
}
