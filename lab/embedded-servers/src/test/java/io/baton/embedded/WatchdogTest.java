package io.baton.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    @Test
    void a_killed_jvm_leaves_neither_its_server_nor_its_data() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = owner.inputReader()) {
            ProcessHandle server = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            ProcessHandle released = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            Path directory = Path.of(output.readLine());
            assertThat(server.isAlive()).isTrue();
            assertThat(directory).exists();

            owner.destroyForcibly();

            await().atMost(Duration.ofSeconds(20)).until(() -> !server.isAlive() && !Files.exists(directory));
            assertThat(released.isAlive()).isTrue();
            released.destroyForcibly();
        }
    }

    /** Starts a server and two processes, lets go of one, and waits to be killed. */
    static final class Owner {

        public static void main(String[] arguments) throws Exception {
            PostgresServer server = PostgresServer.startTemporary();
            ProcessHandle released = new ProcessBuilder(List.of("sleep", "60")).start().toHandle();
            Watchdog.hold(released, Watchdog.Signal.KILL);
            Watchdog.release(released);
            System.out.println(server.process().pid());
            System.out.println(released.pid());
            System.out.println(server.log().getParent());
            System.in.read();
        }
    }
}
