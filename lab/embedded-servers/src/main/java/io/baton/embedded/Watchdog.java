package io.baton.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Ends the processes that this JVM started, and deletes its temporary directories, once the JVM itself is gone,
 * whichever way it went: a shutdown hook does not run after SIGKILL.
 *
 * <p>A small shell process waits for the end of a pipe that only this JVM holds open. What is released in time is left
 * alone. Processes get the signal that was asked for and, if they live on, SIGKILL ten seconds later.
 */
public final class Watchdog {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            held=''
            litter=''
            newline='
            '
            while read -r verb rest; do
              case $verb in
                hold) held="$held $rest" ;;
                release)
                  kept=''
                  for h in $held; do [ "${h%%:*}" = "$rest" ] || kept="$kept $h"; done
                  held=$kept ;;
                litter) litter="$litter$rest$newline" ;;
              esac
            done
            for h in $held; do kill -"${h#*:}" "${h%%:*}" 2>/dev/null; done
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
              alive=''
              for h in $held; do kill -0 "${h%%:*}" 2>/dev/null && alive=yes; done
              [ -z "$alive" ] && break
              sleep 0.5
            done
            for h in $held; do kill -KILL "${h%%:*}" 2>/dev/null; done
            printf '%s' "$litter" | while read -r directory; do rm -rf -- "$directory"; done
            """;

    private static @Nullable Process shell;

    private Watchdog() {}

    /** The signals that a server understands as "end now". */
    public enum Signal {
        /** Ends in order. */
        TERM,
        /** PostgreSQL: ends in order without waiting for its clients. */
        INT,
        /** PostgreSQL: ends at once, and recovers at the next start. */
        QUIT,
        /** Ends at once; the process is not asked. */
        KILL
    }

    /** Has the process ended with this signal when this JVM is gone, unless it is {@linkplain #release released}. */
    public static void hold(ProcessHandle process, Signal signal) {
        tell("hold " + process.pid() + ":" + signal);
    }

    /** Leaves the process alone from now on. To be called when it has ended, because its id may then name another. */
    public static void release(ProcessHandle process) {
        tell("release " + process.pid());
    }

    /** Has the directory deleted with all it contains when this JVM is gone. */
    static void deleteAtExit(Path directory) {
        tell("litter " + directory.toAbsolutePath());
    }

    private static synchronized void tell(String line) {
        try {
            Process current = shell;
            if (current == null) {
                current = new ProcessBuilder("sh", "-c", SCRIPT)
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start();
                shell = current;
            }
            OutputStream pipe = current.getOutputStream();
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException cause) {
            throw new EmbeddedServerException("The watchdog shell does not answer: " + cause.getMessage(), cause);
        }
    }
}
